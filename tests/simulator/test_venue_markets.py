from typing import Any

import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.order import Limit, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.kernels.matching.venue_state import AHEAD_UNKNOWN
from undertow.simulator.exchange_config import Fidelity

SPOT, LINEAR, FOREIGN = 0, 1, 3


@pytest.fixture
def desk(make_desk: Any, make_rows: Any) -> Any:
    desk = make_desk()
    desk.see(make_rows(LINEAR).book(1, "100x10 98x5", "101x4 102x6"))
    return desk


def test_best_touch_and_mark(desk: Any, make_rows: Any) -> None:
    markets = desk.markets
    assert (markets.best(LINEAR, Side.BUY), markets.best(LINEAR, Side.SELL)) == (100, 101)
    assert (markets.best(SPOT, Side.BUY), markets.touch(SPOT, Side.BUY)) == (0, 0)
    assert markets.mark_e8(LINEAR) == 100 * 10**8
    desk.see(make_rows(LINEAR).trade(2, Side.BUY, 101, 1))
    assert markets.mark_e8(LINEAR) == 101 * 10**8
    desk.see(make_rows(LINEAR).mark(3, 99.5))
    assert (markets.mark_e8(LINEAR), markets.mark_ticks(LINEAR)) == (9_950_000_000, 99)


def test_touch_is_implied_by_the_last_trade(make_desk: Any, make_rows: Any) -> None:
    desk = make_desk(fidelity=Fidelity.QUOTES)
    desk.see(make_rows(LINEAR).trade(1, Side.BUY, 101, 1))
    assert [desk.markets.touch(LINEAR, side) for side in (Side.BUY, Side.SELL)] == [100, 101]
    desk.see(make_rows(LINEAR).trade(2, Side.SELL, 100, 1))
    assert [desk.markets.touch(LINEAR, side) for side in (Side.BUY, Side.SELL)] == [100, 101]
    assert desk.markets.range_ticks(LINEAR) == 1


def test_rows_of_other_venues_are_passed_over(desk: Any, make_rows: Any) -> None:
    desk.see(make_rows(FOREIGN).trade(2, Side.BUY, 77, 1))
    assert desk.markets.last_ticks(FOREIGN) == 0


def test_crossed_book_cannot_be_traded_on(desk: Any, make_rows: Any) -> None:
    desk.see(make_rows(LINEAR).book(2, "103x1", "101x4"))
    assert not desk.markets.is_valid(LINEAR)
    assert desk.markets.walk(LINEAR, Side.BUY, 200, 5) == []
    desk.see(make_rows(LINEAR).book(3, "100x1", "101x4"))
    assert desk.markets.is_valid(LINEAR)


def test_displayed_size_is_used_once(desk: Any) -> None:
    (ticks, lots, level), *_ = desk.markets.walk(LINEAR, Side.BUY, 105, 3)
    assert (ticks, lots) == (101, 3)
    desk.markets.take(LINEAR, Side.BUY, level, 3)
    assert [walk[:2] for walk in desk.markets.walk(LINEAR, Side.BUY, 105, 3)] == [
        (101, 1),
        (102, 2),
    ]
    with pytest.raises(AssertionError, match="used once"):
        desk.markets.take(LINEAR, Side.BUY, level, 2)
    assert desk.markets.displayed(LINEAR, Side.SELL) == [(101, 4), (102, 6)]


def test_queue_on_arrival(desk: Any, new_order: Any) -> None:
    prices = (100, 99, 98, 97)
    orders = [desk.rest(new_order(f"o{p}", Side.BUY, 1, Limit(p))) for p in prices]
    ahead = desk.markets._resting["ahead"][:4].tolist()
    assert ahead == [10, 0, 5, AHEAD_UNKNOWN]
    desk.markets._resting["ahead"][0] = 12
    desk.rest(new_order("later", Side.BUY, 1, Limit(100)))
    assert desk.markets._resting["ahead"][4] == 12
    desk.markets.unrest(orders[1])
    assert not desk.markets.is_resting(orders[1])
    assert desk.markets._resting["ticks"][:4].tolist() == [100, 98, 97, 100]


def test_crossing_own_orders(desk: Any, new_order: Any) -> None:
    bid = desk.rest(new_order("a", Side.BUY, 1, Limit(99)))
    desk.rest(new_order("b", Side.BUY, 1, Trigger(99, TriggerWhen.FALLS_TO, Limit(99))))
    assert desk.markets.crossing(LINEAR, Side.SELL, 99) == [bid]
    assert desk.markets.crossing(LINEAR, Side.SELL, 100) == []
    assert desk.markets.crossing(LINEAR, Side.BUY, 99) == []


def test_more_orders_than_first_thought(desk: Any, new_order: Any) -> None:
    orders = [desk.rest(new_order(f"o{k}", Side.BUY, 1, Limit(50 + k))) for k in range(40)]
    assert all(desk.markets.is_resting(order) for order in orders)
    assert desk.markets._markets["limits"][LINEAR] == 40


def test_dump_and_load(desk: Any, make_desk: Any, new_order: Any) -> None:
    order = desk.rest(new_order("a", Side.BUY, 1, Limit(99)))
    state = desk.markets.dump()
    other = make_desk()
    other.markets.load(state, [order])
    assert other.markets.dump() == state
    assert other.markets.displayed(LINEAR, Side.BUY) == [(100, 10), (98, 5)]
    one = make_desk(table=type(desk.table)([desk.table[LINEAR]]))
    with pytest.raises(SnapshotCorrupt, match="expected 1 instruments, found 4"):
        one.markets.load(state, [order])
