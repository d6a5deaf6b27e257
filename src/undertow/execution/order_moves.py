"""The few moves that reports and timers make of an order, quantities and doubts included."""

from undertow.domain.order import OrderState
from undertow.execution.order_table import Happening
from undertow.execution.tracked_order import TrackedOrder


def doubt(tracked: TrackedOrder, request: str, query_ns: int) -> None:
    """The outcome of `request` is not known: UNKNOWN, and the venue is asked at `query_ns`."""
    tracked.move(Happening.DOUBTED)
    tracked.doubt = tracked.doubt or request
    tracked.queries = 0
    tracked.next_query_ns = max(1, query_ns)


def confirm(tracked: TrackedOrder) -> None:
    """The venue says that the order rests with its terms as they now are."""
    tracked.amendment = None
    if tracked.remaining_lots == 0:
        complete(tracked)
        return
    part = tracked.filled_lots > 0
    tracked.move(Happening.CONFIRMED_PART if part else Happening.CONFIRMED)
    _clear_doubt(tracked)


def complete(tracked: TrackedOrder) -> None:
    """Everything is filled."""
    tracked.move(Happening.FILLED_IN_FULL)
    tracked.amendment = None
    _clear_doubt(tracked)


def end(tracked: TrackedOrder, happening: Happening, event_time_ns: int, query_ns: int) -> None:
    """The venue says that the rest is gone (CANCELED, EXPIRED or REJECTED).

    While fills that a status knows of are missing, the order stays UNKNOWN and only remembers how
    it ended. `query_ns`: when to ask whether all fills were received; 0 = not needed.
    """
    if tracked.claim is not None and tracked.claim.filled_lots > tracked.filled_lots:
        tracked.claim = tracked.claim.ended(_END_STATES[happening])
        return
    was_ended = tracked.is_ended
    tracked.move(happening)
    if was_ended:
        return
    # An amendment that nobody answered stays noted: it may have been taken before the end, and
    # then late fills may be more than the old quantity.
    tracked.ended_ns = event_time_ns
    _clear_doubt(tracked)
    if tracked.remaining_lots and happening is not Happening.REJECTED:
        tracked.next_query_ns = query_ns


def meet_claim(tracked: TrackedOrder, now_ns: int) -> None:
    """After a fill: when all fills that a status knew of are here, do what it said."""
    claim = tracked.claim
    if claim is None or tracked.filled_lots + tracked.excess_lots < claim.filled_lots:
        return
    tracked.claim = None
    if tracked.is_ended:
        return
    match claim.state:
        case OrderState.CANCELED:
            end(tracked, Happening.CANCELED, now_ns, 0)
        case OrderState.EXPIRED:
            end(tracked, Happening.EXPIRED, now_ns, 0)
        case _:
            # It rested then; where it is now only a new answer can say.
            tracked.next_query_ns = max(1, now_ns)


def _clear_doubt(tracked: TrackedOrder) -> None:
    tracked.doubt = ""
    tracked.claim = None
    tracked.queries = 0
    tracked.next_query_ns = 0


_END_STATES = {
    Happening.CANCELED: OrderState.CANCELED,
    Happening.EXPIRED: OrderState.EXPIRED,
    Happening.REJECTED: OrderState.REJECTED,
}
