from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import InvariantBroken
from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Order, OrderState
from undertow.domain.report import (
    CancelRejected,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderStatus,
    RequestTimedOut,
)
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.order_tracker import OrderTracker
from undertow.execution.tracked_order import Amendment, TrackedOrder

Say = Callable[..., Any]
MakeFill = Callable[..., OrderFilled]
CONFIG = ExecutionConfig(
    query_backoff_ns=10,
    query_backoff_max_ns=40,
    ending_queries=2,
    remembered_orders=2,
    rechecked_orders=1,
)


@pytest.fixture
def tracker() -> OrderTracker:
    return OrderTracker(CONFIG)


@pytest.fixture
def add(
    tracker: OrderTracker, make_order: Callable[..., Order], make_intent: Callable[..., Intent]
) -> Callable[..., TrackedOrder]:
    def make(name: str = "ut1-o1", lots: int = 10) -> TrackedOrder:
        order = make_order(name, lots=lots, terms=Limit(1000))
        return tracker.add(order, make_intent(), "aster", 0)

    return make


Add = Callable[..., TrackedOrder]


def test_ids_are_never_used_twice(add: Add) -> None:
    add()
    with pytest.raises(InvariantBroken, match="expected a new client order id"):
        add()


def test_an_order_has_a_quantity(add: Add) -> None:
    with pytest.raises(InvariantBroken, match="at least 1 lot"):
        add(lots=0)


def test_reports_of_others_are_handed_back(tracker: OrderTracker, say: Say) -> None:
    assert tracker.apply(say(OrderAccepted, "x"), 1) is None


def test_duplicates_and_stale_reports_are_counted(
    tracker: OrderTracker, add: Add, say: Say, make_fill_report: MakeFill
) -> None:
    add()
    fill = make_fill_report("ut1-o1", "f1", 4, 1000)
    for report in (fill, fill, say(CancelRejected, "ut1-o1")):
        tracker.apply(report, 1)
    tracker.apply(say(RequestTimedOut, "ut1-o1", request="submit"), 1)
    assert (tracker.counts.duplicates, tracker.counts.stale) == (1, 2)
    found = tracker.get("ut1-o1")
    assert found is not None
    assert found.filled_lots == 4


def test_queries_wait_longer_each_time(tracker: OrderTracker, add: Add, say: Say) -> None:
    tracked = add()
    tracker.apply(say(RequestTimedOut, "ut1-o1", request="submit"), 5)
    due = []
    for _ in range(4):
        now = tracked.next_query_ns
        assert tracker.query_sent(tracked, now)
        due.append(tracked.next_query_ns - now)
    assert due == [10, 20, 40, 40]


def test_endings_are_asked_after_so_often(tracker: OrderTracker, add: Add, say: Say) -> None:
    tracked = add()
    tracker.apply(say(OrderCanceled, "ut1-o1"), 5)
    assert tracked.next_query_ns == 5
    assert [tracker.query_sent(tracked, 6 + n) for n in range(3)] == [True, True, False]
    assert tracked.is_settled
    assert list(tracker) == []


def test_an_order_is_doubted_after_silence(tracker: OrderTracker, add: Add) -> None:
    tracked = add()
    assert tracker.wake(tracked, CONFIG.request_timeout_ns - 1) is None
    change = tracker.wake(tracked, CONFIG.request_timeout_ns)
    assert change is not None
    assert (change.before, tracked.state) == (OrderState.PENDING_CREATE, OrderState.UNKNOWN)


def test_the_oldest_ended_orders_are_forgotten(tracker: OrderTracker, add: Add, say: Say) -> None:
    for n in range(1, 6):
        add(f"ut1-o{n}")
    for n in (1, 3, 4, 5):
        tracker.apply(say(OrderRejected, f"ut1-o{n}"), n)
    known = [n for n in range(1, 6) if tracker.get(f"ut1-o{n}")]
    assert known == [2, 4, 5]
    assert [t.client_order_id for t in tracker] == ["ut1-o2"]


def test_recheck_asks_after_resting_and_newest_ended(
    tracker: OrderTracker, add: Add, say: Say, make_fill_report: MakeFill
) -> None:
    for n in (1, 2, 3, 4):
        add(f"ut1-o{n}")
    tracker.apply(say(OrderRejected, "ut1-o1"), 1)
    tracker.apply(say(OrderRejected, "ut1-o2"), 1)
    tracker.apply(make_fill_report("ut1-o3", "f1", 10, 1000), 1)
    tracked = tracker.get("ut1-o4")
    assert tracked is not None
    tracker.recheck(tracked.instrument_id, 9)
    assert [t.client_order_id for t in tracker if t.next_query_ns == 9] == ["ut1-o4", "ut1-o2"]


def test_amendments_must_exceed_what_is_filled(
    tracker: OrderTracker, add: Add, make_fill_report: MakeFill
) -> None:
    tracked = add()
    tracker.apply(make_fill_report("ut1-o1", "f1", 4, 1000), 1)
    with pytest.raises(InvariantBroken, match="above the 4 filled lots"):
        tracker.amend_sent(tracked, Amendment(1, 4), 2)


def test_orders_of_a_strategy(tracker: OrderTracker, add: Add, say: Say) -> None:
    tracked, _ = add(), add("ut1-o2")
    tracker.apply(say(OrderRejected, "ut1-o2"), 1)
    assert tracker.of(tracked.order.strategy, tracked.instrument_id) == [tracked]


def test_dump_and_load(tracker: OrderTracker, add: Add, say: Say) -> None:
    add(), add("ut1-o2")
    tracker.apply(say(OrderRejected, "ut1-o1"), 1)
    other = OrderTracker(CONFIG)
    other.load(*tracker.dump())
    assert other.dump() == tracker.dump()
    assert [t.client_order_id for t in other] == ["ut1-o2"]


def test_late_life_brings_an_order_back(
    tracker: OrderTracker, add: Add, say: Say, make_status: Callable[..., OrderStatus]
) -> None:
    add()
    tracker.apply(say(OrderRejected, "ut1-o1"), 1)
    assert list(tracker) == []
    tracker.apply(make_status("ut1-o1", OrderState.OPEN, 0, 10, 1000, at_ns=5), 5)
    assert [t.state for t in tracker] == [OrderState.OPEN]
