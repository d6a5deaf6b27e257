"""What follows when an order that mattered to a position is over without having done its work."""

from undertow.domain.order import OrderState, Purpose
from undertow.domain.report import OrderRejected
from undertow.execution.change import Change
from undertow.execution.desk_step import DeskStep
from undertow.execution.holding import Holding
from undertow.execution.order_tracker import OrderReport
from undertow.execution.position_care import want_flat
from undertow.execution.tracked_order import TrackedOrder

STOPS_LOST_MAX = 3
_TOO_SMALL = "below_min"


def read_ending(step: DeskStep, held: Holding, change: Change, report: OrderReport) -> None:
    """React to an order that has just ended while its position is open."""
    tracked = change.tracked
    has_ended = tracked.is_ended and tracked.state is not change.before
    if not has_ended or not held.is_open or tracked.state is OrderState.FILLED:
        return
    if isinstance(report, OrderRejected) and report.code.startswith(_TOO_SMALL):
        _give_up_dust(step, held, tracked, report)
    elif tracked.purpose is Purpose.PROTECT:
        _lose_stop(step, held, tracked)
    elif tracked.purpose is Purpose.FLATTEN:
        what = f"{tracked.client_order_id} {tracked.state.name}"
        words = f"{held.instrument_id} could not be closed: {what}"
        step.failure(words, is_critical=True)


def _lose_stop(step: DeskStep, held: Holding, tracked: TrackedOrder) -> None:
    if tracked.state is OrderState.CANCELED and tracked.is_cancel_wanted:
        return
    held.stops_lost += 1
    words = f"protective stop {tracked.client_order_id} of {held.position_id}"
    words += f" {tracked.state.name} while the position is open"
    step.failure(words, is_critical=True)
    if tracked.state is not OrderState.CANCELED or held.stops_lost >= STOPS_LOST_MAX:
        want_flat(step, held, f"emergency_exit: stop {tracked.state.name.lower()}")


def _give_up_dust(
    step: DeskStep, held: Holding, tracked: TrackedOrder, report: OrderRejected
) -> None:
    # Too little for the venue to take: asking again would be refused again. A fill resets it.
    if tracked.purpose is not Purpose.ENTRY:
        held.is_dust = True
        step.invalid(tracked.intent, report.code, report.reason)
