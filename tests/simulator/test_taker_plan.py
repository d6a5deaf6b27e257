from typing import Any

import pytest

from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity
from undertow.simulator.taker_plan import TakerPlan

LINEAR = 1


@pytest.fixture
def book(make_desk: Any, make_rows: Any) -> Any:
    desk = make_desk()
    desk.see(make_rows(LINEAR).book(1, "1000x4 990x4 900x9", "1010x3 1020x3 1100x9"))
    return desk


def told(plan: TakerPlan) -> list[tuple[int, int]]:
    return [(take.ticks, take.lots) for take in plan.takes]


def test_limit_takes_up_to_its_price(book: Any) -> None:
    plan = book.planner.limit(LINEAR, Side.BUY, 1015, 5)
    assert (told(plan), plan.lots, plan.shortfall) == ([(1010, 3)], 3, "limit_reached")
    assert told(book.planner.limit(LINEAR, Side.SELL, 990, 5)) == [(1000, 4), (990, 1)]


def test_market_stops_at_the_cap(book: Any) -> None:
    plan = book.planner.market(LINEAR, Side.BUY, 8)
    assert (told(plan), plan.shortfall) == ([(1010, 3), (1020, 3)], "price_cap")
    plan = book.planner.market(LINEAR, Side.SELL, 9)
    assert (told(plan), plan.shortfall) == ([(1000, 4), (990, 4)], "price_cap")


def test_market_finds_an_end(make_desk: Any, make_rows: Any) -> None:
    desk = make_desk()
    desk.see(make_rows(LINEAR).book(1, "1000x4", "1010x3"))
    plan = desk.planner.market(LINEAR, Side.BUY, 5)
    assert (told(plan), plan.shortfall) == ([(1010, 3)], "no_liquidity")


def test_forced_is_always_whole(book: Any) -> None:
    plan = book.planner.forced(LINEAR, Side.SELL, 20)
    assert told(plan) == [(1000, 4), (990, 4), (900, 9), (899, 3)]
    assert plan.shortfall == ""


def test_forced_without_anything_known_uses_the_mark(make_desk: Any, make_rows: Any) -> None:
    desk = make_desk()
    desk.see(make_rows(LINEAR).mark(1, 1000))
    assert told(desk.planner.forced(LINEAR, Side.SELL, 2)) == [(1000, 2)]


def test_gap_falls_back_to_the_last_price(book: Any, make_rows: Any) -> None:
    book.see(make_rows(LINEAR).trade(2, Side.SELL, 1000, 1), make_rows(LINEAR).gap(3))
    assert not book.planner.has_market(LINEAR)
    assert told(book.planner.market(LINEAR, Side.BUY, 5)) == [(1002, 5)]


def test_quotes_slip_beyond_the_shown_size(make_desk: Any, make_rows: Any) -> None:
    desk = make_desk(fidelity=Fidelity.QUOTES)
    desk.see(make_rows(LINEAR).quote(1, "1000x4", "1010x3"))
    assert told(desk.planner.market(LINEAR, Side.BUY, 5)) == [(1010, 3), (1011, 2)]
    assert told(desk.planner.limit(LINEAR, Side.BUY, 1011, 5)) == [(1010, 3), (1011, 2)]
    assert told(desk.planner.limit(LINEAR, Side.BUY, 1010, 5)) == [(1010, 3)]


def test_would_take_sees_strangers_and_own_orders(book: Any, new_order: Any) -> None:
    assert book.planner.would_take(LINEAR, Side.BUY, 1010)
    assert not book.planner.would_take(LINEAR, Side.BUY, 1009)
    book.rest(new_order("a", Side.SELL, 1, Limit(1005)))
    assert book.planner.would_take(LINEAR, Side.BUY, 1005)
