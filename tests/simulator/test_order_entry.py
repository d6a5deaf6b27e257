from typing import Any

import pytest

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder
from undertow.domain.identity import ClientOrderId
from undertow.domain.order import Limit, Market
from undertow.domain.side import Side
from undertow.simulator.faults import FaultPlan

MS = 1_000_000
VENUE = "aster"
LINEAR = 1
SURE = 1_000_000


@pytest.fixture
def busy(make_trader: Any) -> Any:
    trader = make_trader(faults=FaultPlan(reject_ppm=SURE))
    trader.feed(trader.rows.book(1, "100x10", "101x4"))
    return trader


def command(trader: Any, kind: Any, *values: Any) -> None:
    instrument_id = trader.table[LINEAR].instrument_id
    trader.send(kind(VENUE, instrument_id, ClientOrderId("a"), *values))


def test_busy_venue_refuses_everything_but_queries(busy: Any) -> None:
    busy.submit(2, "a", Side.BUY, 1, Limit(100))
    assert busy.feed(until_ms=2) == ["rejected a venue_busy"]
    command(busy, CancelOrder, 3 * MS)
    command(busy, AmendOrder, 99, 1, 3 * MS)
    command(busy, QueryOrder, 3 * MS)
    assert busy.feed(until_ms=3) == [
        "cancel_rejected a venue_busy",
        "amend_rejected a venue_busy",
        "status a rejected 0 1 100",
    ]


def test_lost_answer_does_not_undo_the_effect(make_trader: Any) -> None:
    trader = make_trader(faults=FaultPlan(drop_ppm=SURE))
    trader.feed(trader.rows.book(1, "100x10", "101x4"))
    trader.submit(2, "a", Side.BUY, 2, Market())
    assert trader.feed(until_ms=2) == [
        "timed_out a submit",
        "filled a 101x2 taker fee 0.101 USDT",
    ]
    assert trader.exchange.signed_lots(LINEAR) == 2


def test_same_request_again_has_no_second_effect(make_trader: Any) -> None:
    trader = make_trader()
    trader.feed(trader.rows.book(1, "100x10", "101x4"))
    for ms in (2, 3):
        trader.submit(ms, "a", Side.BUY, 2, Market())
    told = trader.feed(until_ms=4)
    assert told[2:] == ["status a filled 2 2 0"]
    assert trader.exchange.signed_lots(LINEAR) == 2


def test_cancel_of_a_partly_filled_order_keeps_its_fills(make_trader: Any) -> None:
    trader = make_trader()
    trader.feed(trader.rows.book(1, "100x10", "101x4"))
    trader.submit(2, "a", Side.BUY, 6, Limit(101))
    command(trader, CancelOrder, 3 * MS)
    command(trader, QueryOrder, 4 * MS)
    assert trader.feed(until_ms=5) == [
        "accepted a",
        "filled a 101x4 taker fee 0.202 USDT",
        "canceled a",
        "status a canceled 4 6 101",
    ]


def test_dump_and_load(busy: Any) -> None:
    entry = busy.exchange._entry
    state = entry.dump()
    busy.submit(2, "a", Side.BUY, 1, Limit(100))
    busy.feed(until_ms=2)
    assert entry.dump() != state
    entry.load(state)
    assert entry.dump() == state
