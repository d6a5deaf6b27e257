"""Times that go back, signs, and finishing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from undertow.flow.bar_kinds import FixedImbalanceBars, Measure, SignFrom, TickBars
from undertow.kernels.bars.bar_layout import TRADE_BAR
from undertow.kernels.bars.forming_bar import clear_bar, finish_bar

Make = Callable[..., Any]
S = 1_000_000_000


def test_times_never_go_back(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TickBars(2))
    trades = [(9 * S, 100, 1, 1), (5 * S, 90, 1, 1), (7 * S, 80, 1, 1), (12 * S, 70, 1, 1)]
    bars = builder.push(rows_of(trades))
    assert bars["open_time_ns"].tolist() == [9 * S, 9 * S]
    assert bars["close_time_ns"].tolist() == [9 * S, 12 * S]
    assert bars["close_ticks"].tolist() == [90, 70]
    assert (builder.counters["disordered_trades"], builder.counters["late_trades"]) == (2, 1)


def test_the_tick_rule_keeps_the_last_change(make_builder: Make, rows_of: Make) -> None:
    prices = [100, 100, 101, 101, 100, 100, 100, 102]
    kind = FixedImbalanceBars(Measure.TRADES, 2, SignFrom.TICK_RULE)
    trades = [(k * S, price, 1, -1) for k, price in enumerate(prices, 1)]
    bars = make_builder(kind).push(rows_of(trades))
    # 0 0 +1 +1 | -1 -1 | -1 +1
    assert bars["theta"].tolist() == [2.0, -2.0]
    assert bars["close_time_ns"].tolist() == [4 * S, 6 * S]


def test_finishing_scales_the_value_once() -> None:
    bars = np.zeros(1, TRADE_BAR)
    bars["buy_lots"], bars["sell_lots"], bars["tick_lots"], bars["value"] = 3.0, 1.0, 10.0, 10.0
    finish_bar(bars[0], 0.5)
    assert (bars["value"][0], bars["vwap_ticks"][0]) == (5.0, 2.5)
    clear_bar(bars[0])
    finish_bar(bars[0], 0.5)
    assert bars["value"][0] == 0.0
    assert np.isnan(bars["vwap_ticks"][0])
