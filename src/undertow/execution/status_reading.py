"""What a venue's answer to a query means: the truth that ends UNKNOWN, unless it is older than what
we know or contradicts it.
"""

from undertow.domain.order import OrderState
from undertow.domain.report import OrderStatus
from undertow.execution.change import Change
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_moves import complete, confirm, doubt, end
from undertow.execution.order_table import Happening
from undertow.execution.tracked_order import Claim, TrackedOrder

_AWAITING_ANSWER = (OrderState.PENDING_CANCEL, OrderState.PENDING_AMEND)


def read_status(change: Change, report: OrderStatus, now_ns: int, config: ExecutionConfig) -> None:
    """Apply a status. Fewer fills than we have: older than our knowledge, no effect. More: wait for
    them. As many: take the state over.
    """
    tracked = change.tracked
    known = tracked.filled_lots + tracked.excess_lots
    if report.filled_lots < known:
        change.is_stale = True
        return
    if report.filled_lots > known:
        _await_fills(change, report, now_ns, config)
        return
    match report.state:
        case OrderState.OPEN | OrderState.PARTIALLY_FILLED:
            _read_resting(change, report, now_ns)
        case OrderState.FILLED:
            _read_filled(change, report, now_ns)
        case OrderState.CANCELED:
            _read_over(change, report, Happening.CANCELED)
        case OrderState.EXPIRED:
            _read_over(change, report, Happening.EXPIRED)
        case OrderState.REJECTED:
            _read_not_found(change, report, now_ns, config)
        case other:
            change.problems.append(f"expected a venue's state in a status, found {other.name}")


def _await_fills(change: Change, report: OrderStatus, now_ns: int, config: ExecutionConfig) -> None:
    tracked = change.tracked
    ordered = max(tracked.most_lots, tracked.asked_lots)
    if report.filled_lots > ordered:
        change.problems.append(
            f"overfill: status of {tracked.client_order_id} says {report.filled_lots} lots filled, "
            f"ordered were {ordered}"
        )
    if tracked.state is OrderState.FILLED:
        return
    since = tracked.claim.since_ns if tracked.claim else now_ns
    reported = tracked.claim is not None and tracked.claim.is_reported
    tracked.claim = Claim(report.state, report.filled_lots, since, reported)
    if tracked.state is not OrderState.UNKNOWN:
        doubt(tracked, "fills", now_ns + config.query_backoff_ns)


def _read_resting(change: Change, report: OrderStatus, now_ns: int) -> None:
    tracked = change.tracked
    if tracked.state is OrderState.FILLED or tracked.state in _AWAITING_ANSWER:
        change.is_stale = True
        return
    if tracked.state in (OrderState.CANCELED, OrderState.EXPIRED):
        if report.event_time_ns <= tracked.ended_ns:
            change.is_stale = True
            return
        change.problems.append(
            f"status says {tracked.client_order_id} rests after it was {tracked.state.name}"
        )
        doubt(tracked, "order", now_ns)
        return
    if tracked.state is OrderState.REJECTED:
        change.problems.append(f"status says {tracked.client_order_id} rests after its rejection")
        doubt(tracked, "order", now_ns)
    tracked.seen_alive(report.event_time_ns)
    _take_terms(change, report)
    confirm(tracked)


def _read_filled(change: Change, report: OrderStatus, now_ns: int) -> None:
    tracked = change.tracked
    if tracked.state is OrderState.FILLED:
        return
    if report.qty_lots != tracked.filled_lots and tracked.remaining_lots:
        change.problems.append(
            f"status says {tracked.client_order_id} is filled with {report.filled_lots} of "
            f"{tracked.qty_lots} lots"
        )
        if tracked.state is not OrderState.UNKNOWN:
            doubt(tracked, "order", now_ns)
        return
    if tracked.state is OrderState.REJECTED:
        doubt(tracked, "order", now_ns)
    tracked.set_terms(tracked.price_ticks, tracked.filled_lots, report.event_time_ns)
    complete(tracked)


def _read_over(change: Change, report: OrderStatus, happening: Happening) -> None:
    tracked = change.tracked
    if tracked.is_ended:
        tracked.next_query_ns = 0  # all fills are here: the ending is verified
        return
    end(tracked, happening, report.event_time_ns, 0)


def _read_not_found(
    change: Change, report: OrderStatus, now_ns: int, config: ExecutionConfig
) -> None:
    tracked = change.tracked
    if tracked.is_ended:
        if not tracked.is_unverified:
            tracked.next_query_ns = 0
        return
    is_old = report.event_time_ns < tracked.alive_ns
    if is_old or now_ns < tracked.sent_ns + config.not_found_grace_ns:
        change.is_stale = True  # seen alive since, or it may still be on its way
        return
    if tracked.is_acknowledged:
        # It lived, we have all the fills that the venue knows of, and it is not there any more.
        name = tracked.client_order_id
        change.problems.append(f"status says {name} never existed; it was accepted")
        doubt(tracked, "order", now_ns)
    is_filled = tracked.filled_lots > 0
    happening = Happening.CANCELED if is_filled else Happening.REJECTED
    end(tracked, happening, report.event_time_ns, 0)
    if tracked.state is OrderState.REJECTED and not tracked.is_acknowledged:
        # A request that is slower than our patience would make the order after all: asked again.
        tracked.is_unverified = True
        tracked.next_query_ns = now_ns + config.query_backoff_ns


def _take_terms(change: Change, report: OrderStatus) -> None:
    tracked = change.tracked
    if report.event_time_ns < tracked.terms_ns:
        return
    if report.qty_lots < max(1, tracked.filled_lots):
        change.problems.append(
            f"status says {tracked.client_order_id} is over {report.qty_lots} lots, "
            f"{tracked.filled_lots} are filled"
        )
        return
    # A price of 0 says nothing: that of a market order, and of a stop that has been released.
    price = (report.price_ticks or tracked.price_ticks) if tracked.price_ticks else 0
    if (price, report.qty_lots) != (tracked.price_ticks, tracked.qty_lots):
        if not _was_asked_for(tracked, price, report.qty_lots):
            change.problems.append(
                f"status says {tracked.client_order_id} is {report.qty_lots} lots at {price} "
                f"ticks, we know {tracked.qty_lots} at {tracked.price_ticks}"
            )
        tracked.set_terms(price, report.qty_lots, report.event_time_ns)


def _was_asked_for(tracked: TrackedOrder, price_ticks: int, qty_lots: int) -> bool:
    asked = tracked.amendment
    if asked is None:
        return qty_lots == tracked.asked_lots
    return (asked.price_ticks, asked.qty_lots) == (price_ticks, qty_lots)
