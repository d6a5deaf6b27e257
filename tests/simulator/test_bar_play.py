"""Bars on a whole venue: finer bars, liquidation last, spot, and bars of a session."""

from typing import Any

from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity, MarginMode
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread

SPOT, LINEAR = 0, 1
MIN = 60_000
FREE = {
    "fidelity": Fidelity.BARS,
    "slippage": Slippage(0, 0, 0),
    "half_spread": FixedSpread(0),
    "participation_ppm": 1_000_000,
}


def fills(told: list[str]) -> list[str]:
    return [" ".join(text.split()[1:3]) for text in told if text.startswith("filled")]


def test_finer_bars_tell_what_a_coarse_one_hides(make_trader: Any) -> None:
    # One bar of 60 minutes touches both; of its minutes the first reached the target.
    minutes = [(100, 106, 99, 104), (104, 104, 94, 96), (96, 97, 95, 96)]
    exits = []
    for parts in (minutes, [(100, 106, 94, 96)]):
        trader = make_trader(**FREE)
        rows = trader.rows
        trader.feed(
            rows.bar_open(0, 100), rows.bar(MIN, 100, 100, 100, 50), rows.bar_open(MIN, 100)
        )
        trader.submit(MIN + 30, "in", Side.BUY, 5, Market())
        stop = Trigger(95, TriggerWhen.FALLS_TO, Market())
        trader.submit(MIN + 31, "stop", Side.SELL, 5, stop, reduce=True)
        trader.submit(MIN + 32, "target", Side.SELL, 5, Limit(105), reduce=True)
        told = trader.feed(until_ms=MIN + 40)
        for k, (opened, high, low, close) in enumerate(parts, 1):
            # The first open of the strategy's bar is there already.
            opens = [rows.bar_open(k * MIN, opened)] if k > 1 else []
            told += trader.feed(*opens, rows.bar((k + 1) * MIN, high, low, close, 50))
        exits.append(fills(told))
    assert exits == [["in 100x5", "target 105x5"], ["in 100x5", "stop 95x5"]]


def test_liquidation_is_looked_at_last_and_at_the_worst_price(make_trader: Any) -> None:
    # 10x isolated from 1,000: liquidated at 1,000 * 0.9 / 0.995 = 904.5, bankrupt at 900.
    for stop_ticks, expected in ((950, ["in 1000x10", "stop 950x10"]), (0, ["in 1000x10"])):
        trader = make_trader(
            balances=[Money.of("5000", "USDT")], margin_mode=MarginMode.ISOLATED, **FREE
        )
        rows = trader.rows
        trader.feed(rows.bar_open(0, 1000), rows.bar(MIN, 1000, 1000, 1000, 50))
        trader.feed(rows.bar_open(MIN, 1000))
        trader.submit(MIN + 30, "in", Side.BUY, 10, Market())
        if stop_ticks:
            terms = Trigger(stop_ticks, TriggerWhen.FALLS_TO, Market())
            trader.submit(MIN + 31, "stop", Side.SELL, 10, terms, reduce=True)
        told = trader.feed(rows.bar(2 * MIN, 1001, 905, 950, 50))
        assert fills(told)[:2] == expected
        told = trader.feed(rows.bar_open(2 * MIN, 950), rows.bar(3 * MIN, 955, 904, 950, 50))
        if stop_ticks:
            assert told == []
        else:
            assert fills(told) == [f"aster-liquidation-{3 * MIN}000000-1 900x10"]
            assert trader.exchange.liquidations == 1


def test_bars_that_cannot_be_true_are_counted(make_trader: Any) -> None:
    trader = make_trader(**FREE)
    rows = trader.rows
    trader.feed(rows.bar_open(0, 100), rows.bar(MIN, 90, 110, 100, 50), rows.bar_open(MIN, 0))
    assert trader.exchange.bad_rows == 2
    # The venue goes on with what it knew: the first open.
    trader.submit(MIN + 30, "in", Side.BUY, 5, Market())
    assert fills(trader.feed(until_ms=MIN + 40)) == []
    assert fills(trader.feed(rows.bar_open(2 * MIN, 101))) == ["in 101x5"]


def test_a_spot_wallet_is_long_what_it_holds(make_trader: Any) -> None:
    trader = make_trader(index=SPOT, balances=[Money.of("5000", "USDT")], **FREE)
    rows = trader.rows
    trader.feed(rows.bar_open(0, 100), rows.bar(MIN, 100, 100, 100, 50), rows.bar_open(MIN, 100))
    trader.submit(MIN + 30, "in", Side.BUY, 10, Market())
    trader.submit(
        MIN + 31, "stop", Side.SELL, 10, Trigger(95, TriggerWhen.FALLS_TO, Market()), reduce=True
    )
    profit = Trigger(105, TriggerWhen.RISES_TO, Market())
    trader.submit(MIN + 32, "target", Side.SELL, 10, profit, reduce=True)
    told = trader.feed(rows.bar(2 * MIN, 110, 90, 100, 50))
    # Both are triggers: a resting limit order would hold the coins, and a stop could not sell them.
    assert fills(told) == ["in 100x10", "stop 95x10"]


def test_stop_limits_wait_at_their_limit(make_trader: Any) -> None:
    trader = make_trader(**FREE)
    rows = trader.rows
    trader.feed(rows.bar_open(0, 100), rows.bar(MIN, 100, 100, 100, 50), rows.bar_open(MIN, 100))
    terms = Trigger(103, TriggerWhen.RISES_TO, Limit(102))
    trader.submit(MIN + 30, "in", Side.BUY, 10, terms)
    # Released at 103, above its limit of 102; the rest of the path comes back through it.
    told = trader.feed(rows.bar(2 * MIN, 104, 99, 100, 50))
    assert fills(told) == ["in 102x10"]


def test_entries_of_an_open_have_their_stops_in_the_same_bar(make_trader: Any) -> None:
    trader = make_trader(**FREE)
    rows = trader.rows
    trader.feed(rows.bar_open(0, 100), rows.bar(MIN, 100, 100, 100, 50))
    trader.submit(MIN + 30, "in", Side.SELL, 10, Market())
    # No bar has begun: it waits, an hour, for the open of the next.
    assert fills(trader.feed(until_ms=MIN + 40)) == []
    told = trader.feed(rows.bar_open(60 * MIN, 90))
    terms = Trigger(95, TriggerWhen.RISES_TO, Market())
    trader.submit(60 * MIN + 50, "stop", Side.BUY, 10, terms, reduce=True)
    told += trader.feed(rows.bar(61 * MIN, 96, 80, 85, 50))
    assert fills(told) == ["in 90x10", "stop 95x10"]
