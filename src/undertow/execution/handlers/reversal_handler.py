"""First: an entry against the strategy's own position closes it, and by policy then reverses."""

import msgspec

from undertow.domain.intent import Approved, Intent, Verdict
from undertow.domain.order import Market, Purpose
from undertow.execution.execution_config import Reversal
from undertow.execution.exit_placement import place_exit
from undertow.execution.handlers.handler_case import HandlerCase, fails, passes

NAME = "reversal"


def judge_reversal(case: HandlerCase) -> Verdict:
    """Close an opposite position; take back an opposite entry that is still under way."""
    held, intent = case.held, case.intent
    if held.is_open and held.side is not intent.side:
        return _close(case)
    for tracked in case.step.state.orders(held):
        if tracked.purpose is Purpose.ENTRY and tracked.order.side is not intent.side:
            case.step.cancel(tracked)
            words = f"{tracked.client_order_id} in the other direction is still under way"
            return fails(NAME, "opposite_entry", words)
    return passes(NAME, "no opposite position")


def _close(case: HandlerCase) -> Verdict:
    held, intent = case.held, case.intent
    closing = _exit_intent(case, intent)
    fault = place_exit(case.step, held, Approved(closing, 0, case.approved.checks))
    if fault is not None:
        return fails(NAME, *fault)
    case.outcome = "closing"
    words = f"closes {abs(held.signed_lots)} lots {held.side.name}"
    if case.policy.reversal is Reversal.CLOSE_AND_REVERSE:
        # Asked of risk again when the position is gone: the account is another one then.
        name = case.step.state.ids.next_id("intent")
        held.reversal = msgspec.structs.replace(intent, intent_id=name)
        held.reversal_until_ns = case.step.now_ns + case.step.state.config.reversal_patience_ns
        words += ", then reverses"
    return fails(NAME, "opposite_position", words)


def _exit_intent(case: HandlerCase, intent: Intent) -> Intent:
    return msgspec.structs.replace(
        intent,
        intent_id=case.step.state.ids.next_id("intent"),
        side=case.held.side.opposite,
        purpose=Purpose.EXIT,
        terms=Market(),
        reason=f"reversal: {intent.reason}",
        qty_lots=0,
        stop_ticks=0,
        take_profit_ticks=0,
    )
