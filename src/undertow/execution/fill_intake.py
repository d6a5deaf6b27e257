"""A fill arrives: whose it is, what it does to the holding, what follows for its other orders."""

from undertow.domain.event import StopHit
from undertow.domain.identity import DecisionId
from undertow.domain.order import Purpose
from undertow.domain.report import OrderFilled
from undertow.execution.desk_step import DeskStep
from undertow.execution.handlers.position_monitoring_handler import watch_entry_fill
from undertow.execution.holding import Holding
from undertow.execution.position_care import want_flat
from undertow.execution.tracked_order import TrackedOrder
from undertow.execution.venue_position import count_fill
from undertow.ledger.fill import Fill


def take_fill(step: DeskStep, tracked: TrackedOrder, report: OrderFilled) -> None:
    """Give a fresh fill of one of our orders to the ledger and to its holding."""
    order = tracked.order
    held = step.state.holding(order.strategy, order.instrument_id)
    if order.purpose is Purpose.PROTECT:
        tell_stop_hit(step, held, tracked)
    fill = Fill(
        fill_id=report.fill_id,
        client_order_id=report.client_order_id,
        venue=report.venue,
        strategy=order.strategy,
        instrument_id=order.instrument_id,
        side=report.side,
        price_ticks=report.price_ticks,
        qty_lots=report.qty_lots,
        liquidity=report.liquidity,
        fee=report.fee,
        purpose=order.purpose,
        decision_id=DecisionId(order.decision_id),
        reason=_reason(held, tracked),
        event_time_ns=report.event_time_ns,
        at_ns=step.now_ns,
    )
    is_opened = give_fill(step, held, fill)
    if order.purpose is Purpose.ENTRY and held.is_open and held.side is fill.side:
        watch_entry_fill(step, held, tracked, fill)
    elif is_opened or (held.overshoot_ticks and held.is_open):
        # An exit that closed more than was held: nobody decided on what is open now.
        held.overshoot_ticks = fill.price_ticks
        want_flat(step, held, "emergency_exit: opened by an exit")


def give_fill(step: DeskStep, held: Holding, fill: Fill) -> bool:
    """Count a fill and hand it out for the ledger; True when it opened a position."""
    step.out.fills.append(fill)
    turn = held.apply(step.state.instrument(held), fill)
    count_fill(step, fill)
    for other in step.state.opposed(held):
        if other.overshoot_ticks:
            other.call_again(step.now_ns)  # what it closed too much was this
    return turn.is_opened


def tell_stop_hit(step: DeskStep, held: Holding, tracked: TrackedOrder) -> None:
    """Once, when a stop is released: what else would trade the position is taken back."""
    if tracked.is_stop_told:
        return
    tracked.is_stop_told = tracked.is_triggered = True
    instrument = step.state.instrument(held)
    step.out.effects.append(
        StopHit(
            at_ns=step.now_ns,
            position_id=held.position_id,
            instrument_id=held.instrument_id,
            stop_price=instrument.price_text(tracked.price_ticks),
        )
    )
    held.deferred = None
    for other in step.state.orders(held):
        if other is not tracked and other.purpose is not Purpose.PROTECT:
            step.cancel(other)


def _reason(held: Holding, tracked: TrackedOrder) -> str:
    if tracked.purpose is not Purpose.PROTECT:
        return tracked.intent.reason
    is_trailing = held.plan is not None and held.plan.is_trailing
    return "trailing_stop" if is_trailing else "stop_loss"
