"""Planned funding: who pays, when, and that slicing time changes nothing."""

from typing import Any

from undertow.domain.order import Limit, Market
from undertow.domain.side import Side
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.funding_plan import FAR_NS, ConstantFunding, RecordedFunding
from undertow.simulator.funding_timer import FundingTimer

HOUR_MS = 3_600_000
HOUR_NS = HOUR_MS * 10**6
PLAN = ConstantFunding(100_000_000, 8 * HOUR_NS)  # 0.01 %


def test_plans_by_symbol_win(table: Any) -> None:
    own = RecordedFunding(((4 * HOUR_NS, 7),))
    config = ExchangeConfig(funding=PLAN, funding_of={"BTC/USD:BTC": own})
    timer = FundingTimer("aster", table, config)
    assert [timer.has_plan(index, 0) for index in range(4)] == [False, True, True, False]
    assert timer.next_ns(0) == 4 * HOUR_NS
    assert timer.due(4 * HOUR_NS) == [(2, 7)]
    assert timer.due(8 * HOUR_NS) == [(1, PLAN.rate_e12)]
    assert FundingTimer("aster", table, ExchangeConfig()).next_ns(0) == FAR_NS


def test_longs_pay_at_the_true_times(make_trader: Any) -> None:
    trader = make_trader(funding=PLAN)
    trader.feed(trader.rows.book(HOUR_MS, "1000x90", "1001x90"), trader.rows.mark(HOUR_MS, 1000))
    trader.submit(HOUR_MS + 1, "a", Side.BUY, 10, Market())
    trader.feed(until_ms=HOUR_MS + 1)
    # 10 * 1,000 * 0.01 % = 1 at 08:00, at the mark of 2,000 twice that at 16:00; rows are passed.
    told = trader.feed(
        trader.rows.funding(9 * HOUR_MS, 1000, 0.01), trader.rows.mark(10 * HOUR_MS, 2000)
    )
    assert told == ["funding BTC/USDT:USDT@aster -1 USDT"]
    assert trader.exchange.silent_until_ns == 16 * HOUR_NS
    told = trader.feed(until_ms=24 * HOUR_MS)
    assert told == ["funding BTC/USDT:USDT@aster -2 USDT"] * 2


def test_nobody_pays_before_the_position(make_trader: Any) -> None:
    trader = make_trader(funding=PLAN)
    rows = trader.rows
    trader.feed(rows.book(HOUR_MS, "1000x90", "1001x90"))
    trader.submit(HOUR_MS + 1, "a", Side.BUY, 10, Limit(1000))
    trader.feed(until_ms=9 * HOUR_MS)
    trader.feed(rows.trade(10 * HOUR_MS, Side.SELL, 999, 90))
    told = trader.feed(until_ms=100 * HOUR_MS)
    assert len(told) == 11


def test_slices_of_time_change_nothing(make_trader: Any) -> None:
    told = []
    for step in (1, 3, 8, 50):
        trader = make_trader(funding=PLAN)
        trader.feed(trader.rows.book(HOUR_MS, "1000x90", "1001x90"))
        trader.submit(HOUR_MS + 1, "a", Side.SELL, 10, Market())
        heard = []
        for hour in range(1, 51, step):
            heard += trader.feed(until_ms=hour * HOUR_MS)
        told.append(heard + trader.feed(until_ms=50 * HOUR_MS))
    assert told[0] == told[1] == told[2] == told[3]
    assert sum(text.startswith("funding") for text in told[0]) == 6


GUESS = ConstantFunding(is_one_sided=True, is_fallback=True)


def _held(make_trader: Any, side: Side) -> Any:
    trader = make_trader(funding=GUESS)
    trader.feed(trader.rows.book(HOUR_MS, "1000x90", "1001x90"), trader.rows.mark(HOUR_MS, 1000))
    trader.submit(HOUR_MS + 1, "a", side, 10, Market())
    trader.feed(until_ms=HOUR_MS + 1)
    return trader


def test_of_a_guess_longs_pay_and_shorts_receive_nothing(make_trader: Any) -> None:
    paid = "funding BTC/USDT:USDT@aster -1 USDT"  # 10 * 1,000 * 0.01 % at 08:00 and 16:00
    assert _held(make_trader, Side.BUY).feed(until_ms=17 * HOUR_MS) == [paid] * 2
    assert _held(make_trader, Side.SELL).feed(until_ms=17 * HOUR_MS) == []


def test_a_fallback_ends_where_rows_begin(make_trader: Any) -> None:
    trader = _held(make_trader, Side.BUY)
    row = trader.rows.funding(12 * HOUR_MS, 1000, 0.002)
    # All rows are known from the start: the plan still holds at 08:00, before the first of them.
    told = trader.feed(row, until_ms=30 * HOUR_MS)
    assert told == [
        "funding BTC/USDT:USDT@aster -1 USDT",
        "funding BTC/USDT:USDT@aster -20 USDT",
    ]


def test_one_settlement_is_not_charged_twice(make_trader: Any) -> None:
    trader = _held(make_trader, Side.BUY)
    late = trader.rows.funding(8 * HOUR_MS + 30_000, 1000, 0.002)
    then = trader.rows.funding(16 * HOUR_MS, 1000, 0.003)
    told = trader.feed(late, then)
    assert told == [
        "funding BTC/USDT:USDT@aster -1 USDT",
        "funding BTC/USDT:USDT@aster -30 USDT",
    ]


def test_a_row_at_the_very_time_wins(make_trader: Any) -> None:
    trader = _held(make_trader, Side.BUY)
    told = trader.feed(trader.rows.funding(8 * HOUR_MS, 1000, 0.002), until_ms=20 * HOUR_MS)
    assert told == ["funding BTC/USDT:USDT@aster -20 USDT"]


def test_rows_seen_before_the_position_end_it_too_and_are_remembered(make_trader: Any) -> None:
    trader = make_trader(funding=GUESS)
    rows = trader.rows
    trader.feed(rows.book(HOUR_MS, "1000x90", "1001x90"), rows.funding(2 * HOUR_MS, 1000, 0.001))
    saved = trader.exchange.snapshot()
    other = make_trader(funding=GUESS)
    other.exchange.restore(saved)
    for one in (trader, other):
        one.submit(3 * HOUR_MS, "a", Side.BUY, 10, Market())
        told = one.feed(until_ms=30 * HOUR_MS)
        assert not any(text.startswith("funding") for text in told)


def test_slices_change_nothing_of_a_fallback(make_trader: Any) -> None:
    told = []
    for step in (1, 5, 40):
        trader = _held(make_trader, Side.BUY)
        heard = []
        for hour in range(1, 41, step):
            due = [h for h in (20, 28) if hour < h <= hour + step]
            rows = [trader.rows.funding(h * HOUR_MS, 1000, 0.002) for h in due]
            heard += trader.feed(*rows, until_ms=(hour + step) * HOUR_MS)
        told.append(heard)
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 4
