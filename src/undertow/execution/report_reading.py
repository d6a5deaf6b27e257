"""What each report of a venue, a status apart, means for the order it names."""

from undertow.domain.order import OrderState
from undertow.domain.report import (
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderTriggered,
    RequestTimedOut,
)
from undertow.execution.change import Change
from undertow.execution.order_moves import complete, confirm, doubt, end, meet_claim
from undertow.execution.order_table import Happening
from undertow.execution.order_timers import request_under_way
from undertow.execution.tracked_order import TrackedOrder


def read_accepted(change: Change, report: OrderAccepted | OrderTriggered, now_ns: int) -> None:
    """The order is at the venue; ends the doubt about its submission and no other."""
    tracked = change.tracked
    tracked.venue_order_id = report.venue_order_id
    if isinstance(report, OrderTriggered):
        change.is_duplicate = tracked.is_triggered
        tracked.is_triggered = True
    else:
        change.is_duplicate = tracked.is_acknowledged
    tracked.seen_alive(report.event_time_ns)
    if tracked.state is OrderState.REJECTED:
        change.problems.append(f"{tracked.client_order_id} was accepted after its rejection")
        doubt(tracked, "order", now_ns)
    elif tracked.state is OrderState.UNKNOWN and tracked.doubt == "submit":
        confirm(tracked)
    else:
        tracked.move(Happening.ACCEPTED)


def read_rejected(change: Change, report: OrderRejected, now_ns: int) -> None:
    """Definitive, unless we have seen the order alive: then the venue must say which is true."""
    tracked = change.tracked
    if tracked.state is OrderState.REJECTED:
        change.is_duplicate = True
        tracked.move(Happening.REJECTED)
        return
    if tracked.state is OrderState.FILLED:
        change.problems.append(f"{tracked.client_order_id} was rejected after it was filled")
        change.is_stale = True
        return
    if tracked.is_acknowledged or tracked.is_ended:
        change.problems.append(f"{tracked.client_order_id} was rejected after it was accepted")
        doubt(tracked, "order", now_ns)
        return
    end(tracked, Happening.REJECTED, report.event_time_ns, 0)


def read_filled(change: Change, report: OrderFilled, now_ns: int) -> None:
    """Book an execution once, whatever the order's state: it happened."""
    tracked = change.tracked
    if report.fill_id in tracked.fill_ids:
        change.is_duplicate = True
        return
    wrong = _misfit(tracked, report)
    if wrong:
        change.problems.append(f"fill {report.fill_id} of {tracked.client_order_id} {wrong}")
        change.is_misfit = True
        if not tracked.is_ended:
            doubt(tracked, "order", now_ns)
        return
    change.fill = report
    tracked.venue_order_id = report.venue_order_id
    tracked.seen_alive(report.event_time_ns)
    is_silent = tracked.amendment is None
    qty_before = tracked.qty_lots
    excess = change.excess_lots = tracked.add_fill(report)
    has_grown = is_silent and tracked.qty_lots > qty_before
    if excess:
        change.problems.append(
            f"overfill: {tracked.client_order_id} was filled {excess} lots beyond its "
            f"{tracked.qty_lots}"
        )
    if has_grown and not tracked.is_ended:
        doubt(tracked, "amend", now_ns)  # how much of it is left, only the venue knows
    else:
        _move_by_fill(change, now_ns)
    meet_claim(tracked, now_ns)


def _move_by_fill(change: Change, now_ns: int) -> None:
    tracked = change.tracked
    if tracked.state is OrderState.REJECTED:
        change.problems.append(f"{tracked.client_order_id} was filled after its rejection")
        doubt(tracked, "order", now_ns)
        return
    if tracked.state is OrderState.FILLED:
        return
    # An amendment to fewer lots than were filled was not taken, one to more may have been.
    if tracked.remaining_lots == 0 and tracked.most_lots == tracked.qty_lots:
        complete(tracked)
    else:
        tracked.move(Happening.FILLED_IN_PART)


def read_ended(change: Change, report: OrderCanceled | OrderExpired, query_ns: int) -> None:
    """The rest of the order is gone."""
    tracked = change.tracked
    change.is_duplicate = tracked.is_ended
    tracked.seen_alive(report.event_time_ns)
    is_cancel = isinstance(report, OrderCanceled)
    happening = Happening.CANCELED if is_cancel else Happening.EXPIRED
    end(tracked, happening, report.event_time_ns, query_ns)


def read_amended(change: Change, report: OrderAmended, now_ns: int) -> None:
    """The order has new terms; an acknowledgement of older ones changes nothing."""
    tracked, terms = change.tracked, (report.price_ticks, report.qty_lots)
    asked = tracked.amendment
    is_ours = asked is not None and terms == (asked.price_ticks, asked.qty_lots)
    is_known = terms == (tracked.price_ticks, tracked.qty_lots)
    is_old = tracked.is_ended or report.event_time_ns < tracked.terms_ns
    if not is_ours and (is_old or is_known or tracked.state is OrderState.PENDING_AMEND):
        change.is_stale = True
        return
    if report.qty_lots < max(1, tracked.filled_lots):
        change.problems.append(
            f"{tracked.client_order_id} was amended to {report.qty_lots} lots, "
            f"{tracked.filled_lots} are filled"
        )
        doubt(tracked, "amend", now_ns)
        return
    tracked.set_terms(*terms, report.event_time_ns)
    tracked.seen_alive(report.event_time_ns)
    if is_ours:
        tracked.amendment = None
        tracked.amend_refusals = 0
    if tracked.is_ended:
        return  # taken before the end, heard after it
    _move_by_amendment(change, now_ns, is_ours=is_ours)


def _move_by_amendment(change: Change, now_ns: int, *, is_ours: bool) -> None:
    tracked = change.tracked
    is_awaited = tracked.state is OrderState.PENDING_AMEND or (
        tracked.state is OrderState.UNKNOWN and tracked.doubt == "amend"
    )
    if is_awaited and is_ours:
        confirm(tracked)
    elif tracked.remaining_lots == 0 and tracked.claim is None:
        complete(tracked)
    elif not is_ours:
        # A late answer, or somebody else's amendment: taken over, and asked about.
        tracked.next_query_ns = tracked.next_query_ns or max(1, now_ns)


def read_cancel_refused(change: Change, now_ns: int) -> None:
    """The order goes on or is over already; the refusal does not say which."""
    tracked = change.tracked
    if tracked.state is not OrderState.PENDING_CANCEL:
        change.is_stale = True
        return
    doubt(tracked, "cancel", now_ns)


def read_amend_refused(change: Change, now_ns: int, retry_ns: int) -> None:
    """The terms are as before; whether the order still rests, the refusal does not say."""
    tracked = change.tracked
    waits = tracked.state in (OrderState.PENDING_AMEND, OrderState.UNKNOWN)
    if tracked.amendment is None or not (waits or tracked.state is OrderState.PENDING_CANCEL):
        change.is_stale = True
        return
    tracked.amendment = None
    tracked.amend_refusals += 1
    tracked.next_amend_ns = now_ns + retry_ns
    if tracked.remaining_lots == 0:
        complete(tracked)
    elif tracked.state is OrderState.PENDING_AMEND:
        doubt(tracked, "amend", now_ns)


def read_timed_out(change: Change, report: RequestTimedOut, now_ns: int) -> None:
    """Ambiguous: UNKNOWN, unless the answer has come by another way in the meantime."""
    tracked = change.tracked
    under_way = request_under_way(tracked)
    is_submit = report.request == "submit" and not tracked.is_acknowledged
    if under_way and (report.request == under_way or is_submit):
        doubt(tracked, under_way, now_ns)
    else:
        change.is_stale = True


def _misfit(tracked: TrackedOrder, report: OrderFilled) -> str:
    order = tracked.order
    if report.qty_lots <= 0 or report.price_ticks <= 0:
        return f"has {report.qty_lots} lots at {report.price_ticks} ticks"
    if (report.instrument_id, report.side) != (order.instrument_id, order.side):
        return (
            f"is a {report.side.name} of {report.instrument_id}, the order is a "
            f"{order.side.name} of {order.instrument_id}"
        )
    return ""
