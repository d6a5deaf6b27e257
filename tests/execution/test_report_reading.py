from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Order, OrderState
from undertow.domain.report import (
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderTriggered,
    RequestTimedOut,
)
from undertow.domain.side import Side
from undertow.execution.change import Change
from undertow.execution.report_reading import (
    read_accepted,
    read_amend_refused,
    read_amended,
    read_cancel_refused,
    read_ended,
    read_filled,
    read_rejected,
    read_timed_out,
)
from undertow.execution.tracked_order import Amendment, TrackedOrder

Make = Callable[..., Change]


@pytest.fixture
def change(make_order: Callable[..., Order], make_intent: Callable[..., Intent]) -> Make:
    def make(state: OrderState = OrderState.OPEN, **more: Any) -> Change:
        tracked = TrackedOrder(
            order=make_order(terms=Limit(1000)),
            intent=make_intent(),
            venue="aster",
            state=state,
            qty_lots=10,
            remaining_lots=10,
            price_ticks=1000,
            sent_ns=0,
            heard_ns=0,
            **more,
        )
        return Change(tracked, state)

    return make


def test_accepted_ends_only_the_doubt_of_the_submission(change: Make, say: Any) -> None:
    for doubt, state in (("submit", OrderState.OPEN), ("cancel", OrderState.UNKNOWN)):
        found = change(OrderState.UNKNOWN, doubt=doubt)
        read_accepted(found, say(OrderAccepted, "ut1-o1"), 1)
        assert found.tracked.state is state


def test_triggered_is_remembered(change: Make, say: Any) -> None:
    found = change()
    read_accepted(found, say(OrderTriggered, "ut1-o1", at_ns=7), 1)
    assert found.tracked.is_triggered
    assert not found.is_duplicate
    assert found.tracked.alive_ns == 7


def test_a_rejection_after_life_is_asked_about(change: Make, say: Any) -> None:
    for state, known in (
        (OrderState.PENDING_CREATE, False),
        (OrderState.OPEN, True),
        (OrderState.CANCELED, True),
    ):
        found = change(state, is_acknowledged=known)
        read_rejected(found, say(OrderRejected, "ut1-o1"), 3)
        expected = OrderState.UNKNOWN if known else OrderState.REJECTED
        assert found.tracked.state is expected
        assert len(found.problems) == known


def test_a_filled_order_stays_filled(change: Make, say: Any) -> None:
    found = change(OrderState.FILLED)
    read_rejected(found, say(OrderRejected, "ut1-o1"), 3)
    assert found.tracked.state is OrderState.FILLED
    assert found.is_stale
    assert found.problems == ["ut1-o1 was rejected after it was filled"]


@pytest.mark.parametrize(
    ("lots", "ticks", "side"), [(0, 1000, Side.BUY), (4, 0, Side.BUY), (4, 1000, Side.SELL)]
)
def test_a_fill_that_cannot_be_is_not_booked(
    change: Make, make_fill_report: Callable[..., OrderFilled], lots: int, ticks: int, side: Side
) -> None:
    found = change()
    read_filled(found, make_fill_report("ut1-o1", "f1", lots, ticks, side), 5)
    assert found.fill is None
    assert found.is_misfit
    assert found.tracked.state is OrderState.UNKNOWN


def test_an_overfill_is_named_and_booked(
    change: Make, make_fill_report: Callable[..., OrderFilled]
) -> None:
    found = change()
    read_filled(found, make_fill_report("ut1-o1", "f1", 12, 1000), 5)
    assert found.fill is not None
    assert found.excess_lots == 2
    assert found.problems == ["overfill: ut1-o1 was filled 2 lots beyond its 10"]


def test_endings(change: Make, say: Any) -> None:
    found = change()
    read_ended(found, say(OrderCanceled, "ut1-o1", at_ns=4), 9)
    assert (found.tracked.ended_ns, found.tracked.next_query_ns) == (4, 9)
    read_ended(found, say(OrderCanceled, "ut1-o1", at_ns=5), 9)
    assert found.is_duplicate


def _amended(say: Any, price: int, qty: int, at_ns: int) -> OrderAmended:
    report: OrderAmended = say(OrderAmended, "ut1-o1", at_ns=at_ns, price_ticks=price, qty_lots=qty)
    return report


def test_only_the_awaited_answer_ends_an_amendment(change: Make, say: Any) -> None:
    found = change(OrderState.PENDING_AMEND, amendment=Amendment(990, 8))
    read_amended(found, _amended(say, 980, 7, 5), 5)
    assert (found.is_stale, found.tracked.state) == (True, OrderState.PENDING_AMEND)
    read_amended(found, _amended(say, 990, 8, 6), 6)
    tracked = found.tracked
    assert (tracked.state, tracked.price_ticks, tracked.qty_lots) == (OrderState.OPEN, 990, 8)


def test_an_amendment_heard_after_the_end_still_counts(change: Make, say: Any) -> None:
    found = change(OrderState.EXPIRED, amendment=Amendment(990, 15))
    read_amended(found, _amended(say, 990, 15, 6), 6)
    assert (found.tracked.state, found.tracked.qty_lots) == (OrderState.EXPIRED, 15)


def test_refusals_do_not_say_whether_it_rests(change: Make) -> None:
    cancel = change(OrderState.PENDING_CANCEL)
    read_cancel_refused(cancel, 5)
    amend = change(OrderState.PENDING_AMEND, amendment=Amendment(990, 8))
    read_amend_refused(amend, 5, 7)
    assert [c.tracked.state for c in (cancel, amend)] == [OrderState.UNKNOWN] * 2
    assert (amend.tracked.amend_refusals, amend.tracked.next_amend_ns) == (1, 12)


def test_a_refused_amendment_of_what_is_filled_completes_it(
    change: Make, make_fill_report: Callable[..., OrderFilled]
) -> None:
    found = change(OrderState.PENDING_AMEND, amendment=Amendment(1000, 15))
    read_filled(found, make_fill_report("ut1-o1", "f1", 10, 1000), 4)
    assert not found.tracked.is_ended
    read_amend_refused(found, 5, 7)
    assert found.tracked.state is OrderState.FILLED


@pytest.mark.parametrize(
    ("state", "request_", "known"),
    [
        (OrderState.PENDING_CREATE, "submit", False),
        (OrderState.PENDING_CANCEL, "submit", False),
        (OrderState.PENDING_CANCEL, "cancel", True),
        (OrderState.PENDING_AMEND, "amend", True),
    ],
)
def test_a_request_without_an_answer_is_doubted(
    change: Make, say: Any, state: OrderState, request_: str, *, known: bool
) -> None:
    found = change(state, is_acknowledged=known)
    read_timed_out(found, say(RequestTimedOut, "ut1-o1", request=request_), 5)
    assert found.tracked.state is OrderState.UNKNOWN


@pytest.mark.parametrize(
    ("state", "request_"),
    [
        (OrderState.PENDING_CANCEL, "submit"),
        (OrderState.PENDING_AMEND, "cancel"),
        (OrderState.OPEN, "submit"),
    ],
)
def test_a_request_that_was_answered_is_not(
    change: Make, say: Any, state: OrderState, request_: str
) -> None:
    found = change(state, is_acknowledged=True)
    read_timed_out(found, say(RequestTimedOut, "ut1-o1", request=request_), 5)
    assert (found.tracked.state, found.is_stale) == (state, True)
