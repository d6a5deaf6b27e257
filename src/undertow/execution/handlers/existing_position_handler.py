"""Second: what is held or under way already, by this strategy or by others."""

from undertow.domain.instrument import MarketKind
from undertow.domain.intent import Verdict
from undertow.domain.order import Purpose
from undertow.execution.handlers.handler_case import HandlerCase, fails, passes

NAME = "existing_position"


def judge_existing_position(case: HandlerCase) -> Verdict:
    """Refuse new risk where the truth is not known, where the position is being closed, on top of
    an open position or entry (unless scaling in is allowed), and against another strategy: at the
    venue both would net, and reduce-only stops would protect nothing.
    """
    state, held, intent = case.step.state, case.held, case.intent
    if intent.instrument_id in state.blocked():
        return fails(NAME, "instrument_blocked", "an order or the position is not certain")
    if held.wish or held.deferred or state.closing_lots(held):
        return fails(NAME, "being_closed", "the position is being closed")
    if not case.policy.allow_scale_in:
        if held.is_open and not held.is_dust:
            words = f"{abs(held.signed_lots)} lots {held.side.name} are open"
            return fails(NAME, "position_exists", words)
        for tracked in state.orders(held):
            if tracked.purpose is Purpose.ENTRY:
                words = f"{tracked.client_order_id} is under way"
                return fails(NAME, "entry_under_way", words)
    other = _opposed(case)
    if other:
        return fails(NAME, "opposed_strategy", f"{other} is on the other side")
    return passes(NAME, "adds to the position" if held.is_open else "no position")


def _opposed(case: HandlerCase) -> str:
    if case.instrument.kind is MarketKind.SPOT:
        return ""
    state, intent = case.step.state, case.intent
    for (strategy, name), other in state.holdings.items():
        against = other.signed_lots * intent.side < 0
        if name == intent.instrument_id and strategy != intent.strategy and against:
            return strategy
    for tracked in state.entries():
        order = tracked.order
        if order.instrument_id == intent.instrument_id and order.side is not intent.side:
            return order.strategy
    return ""
