"""The numbers of a window and when they are undefined."""

from math import isnan, log

import pytest

from undertow.flow.trade_window import TradeWindow


def window(**changed: int) -> TradeWindow:
    values = {
        "seconds": 30,
        "covered_seconds": 30,
        "buy_lots": 30,
        "sell_lots": 10,
        "buy_trades": 4,
        "sell_trades": 2,
        "tick_lots": 4100,
        "large_buy_lots": 0,
        "large_sell_lots": 0,
    }
    return TradeWindow(**{**values, **changed})


def test_a_window_with_both_sides() -> None:
    one = window(effective_ticks=9, effective_trades=6)
    assert (one.trades, one.lots) == (6, 40)
    assert one.ratio == 3.0
    assert one.log_ratio == pytest.approx(log(3))
    assert one.imbalance == 0.5
    assert one.strength == 0.6
    assert (one.avg_buy_lots, one.avg_sell_lots) == (7.5, 5.0)
    assert one.per_second == 0.2
    assert one.vwap_ticks == 102.5
    assert one.effective_spread_ticks == 1.5


def test_strength_is_the_same_both_ways() -> None:
    assert window().strength == window(buy_lots=10, sell_lots=30).strength
    assert window(buy_lots=1000).strength == 1.0


def test_too_few_trades_give_no_ratio() -> None:
    few = window(buy_trades=2)
    for name in ("ratio", "log_ratio", "imbalance", "strength"):
        assert isnan(getattr(few, name))
    assert window(buy_trades=2, least_trades=4).ratio == 3.0


def test_a_one_sided_window_has_an_imbalance_but_no_ratio() -> None:
    one = window(sell_lots=0, sell_trades=0, buy_trades=5)
    assert isnan(one.ratio)
    assert isnan(one.log_ratio)
    assert isnan(one.strength)
    assert one.imbalance == 1.0
    assert isnan(one.avg_sell_lots)


def test_an_empty_window() -> None:
    one = window(buy_lots=0, sell_lots=0, buy_trades=0, sell_trades=0)
    assert isnan(one.vwap_ticks)
    assert isnan(one.imbalance)
    assert isnan(one.effective_spread_ticks)
    assert one.per_second == 0.0
