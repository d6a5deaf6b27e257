"""Tick, volume, dollar, fixed imbalance and range bars against hand-made tables and plain twins."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from undertow.domain.instrument import MarketKind
from undertow.flow.bar_kinds import (
    DollarBars,
    FixedImbalanceBars,
    Measure,
    RangeBars,
    TickBars,
    VolumeBars,
)

S = 1_000_000_000
Make = Callable[..., Any]
TABLE = [
    (1 * S, 100, 4, 1), (2 * S, 101, 5, -1), (3 * S, 99, 6, 1),
    (4 * S, 98, 25, 1), (5 * S, 97, 2, -1), (6 * S, 99, 8, -1),
]  # fmt: skip
PARTS = ("close_time_ns", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "buy_lots",
         "sell_lots")  # fmt: skip


def shown(bars: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in bars[list(PARTS)].tolist()]


def test_tick_bars_by_hand(make_builder: Make, rows_of: Make) -> None:
    bars = make_builder(TickBars(2)).push(rows_of(TABLE))
    assert shown(bars) == [
        (2 * S, 100, 101, 100, 101, 4.0, 5.0),
        (4 * S, 99, 99, 98, 98, 31.0, 0.0),
        (6 * S, 97, 99, 97, 99, 0.0, 10.0),
    ]
    assert bars["open_time_ns"].tolist() == [1 * S, 3 * S, 5 * S]
    assert bars["buy_trades"].tolist() == [1, 2, 0]
    assert bars["vwap_ticks"][0] == (400 + 505) / 9


def test_the_closing_trade_belongs_whole_and_the_excess_is_dropped(
    make_builder: Make, rows_of: Make
) -> None:
    bars = make_builder(VolumeBars(10)).push(rows_of(TABLE))
    assert (bars["buy_lots"] + bars["sell_lots"]).tolist() == [15.0, 25.0, 10.0]
    assert bars["close_time_ns"].tolist() == [3 * S, 4 * S, 6 * S]


def test_a_split_trade_fills_several_bars_at_its_own_time(
    make_builder: Make, rows_of: Make
) -> None:
    bars = make_builder(VolumeBars(10, is_split=True)).push(rows_of(TABLE))
    assert (bars["buy_lots"] + bars["sell_lots"]).tolist() == [10.0] * 5
    assert bars["close_time_ns"].tolist() == [3 * S, 4 * S, 4 * S, 4 * S, 6 * S]
    assert shown(bars)[2] == (4 * S, 98, 98, 98, 98, 10.0, 0.0)
    assert bars["open_time_ns"][2] == 4 * S
    assert bars["sell_lots"].tolist() == [5.0, 0.0, 0.0, 0.0, 10.0]


def test_split_dollar_bars_have_exactly_the_value(make_builder: Make, rows_of: Make) -> None:
    bars = make_builder(DollarBars(1000, is_split=True)).push(rows_of(TABLE))
    assert bars["value"] == pytest.approx([1000.0] * 4)
    first = Fraction(4) + Fraction(5) + Fraction(1000 - 400 - 505, 99)
    assert bars["buy_lots"][0] + bars["sell_lots"][0] == pytest.approx(float(first), rel=1e-15)


def test_whole_dollar_bars_and_inverse_contracts(make_builder: Make, rows_of: Make) -> None:
    bars = make_builder(DollarBars(1000)).push(rows_of(TABLE))
    assert bars["value"].tolist() == [400.0 + 505 + 594, 25 * 98.0]
    inverse = make_builder(DollarBars(10), MarketKind.INVERSE).push(rows_of(TABLE))
    assert inverse["value"].tolist() == [15.0, 25.0, 10.0]


def test_imbalance_restarts_at_zero(make_builder: Make, rows_of: Make) -> None:
    ticks = make_builder(FixedImbalanceBars(Measure.TRADES, 2)).push(rows_of(TABLE))
    assert (ticks["close_time_ns"].tolist(), ticks["theta"].tolist()) == ([4 * S, 6 * S], [2, -2])
    lots = make_builder(FixedImbalanceBars(Measure.QTY, 10)).push(rows_of(TABLE))
    assert (lots["close_time_ns"].tolist(), lots["theta"].tolist()) == ([4 * S, 6 * S], [30, -10])
    value = make_builder(FixedImbalanceBars(Measure.VALUE, 2000)).push(rows_of(TABLE))
    assert value["theta"].tolist() == [400 - 505 + 594 + 25 * 98]


def test_range_bars_close_at_the_trade_that_reaches_the_range(
    make_builder: Make, rows_of: Make
) -> None:
    bars = make_builder(RangeBars(2)).push(rows_of(TABLE))
    assert shown(bars) == [
        (3 * S, 100, 101, 99, 99, 10.0, 5.0),
        (6 * S, 98, 99, 97, 99, 25.0, 10.0),
    ]


def plain(trades: list[Any], measure: Callable[[Any], int], threshold: int) -> list[list[Any]]:
    """Whole trades, grouped until the absolute measure is reached."""
    bars, bar, total = [], [], 0
    for trade in trades:
        bar.append(trade)
        total += measure(trade)
        if abs(total) >= threshold:
            bars.append(bar)
            bar, total = [], 0
    return bars


@pytest.mark.parametrize(
    ("kind", "measure", "threshold"),
    [
        (TickBars(7), lambda t: 1, 7),
        (VolumeBars(40), lambda t: t[2], 40),
        (DollarBars(50_000), lambda t: t[1] * t[2], 50_000),
        (FixedImbalanceBars(Measure.TRADES, 5), lambda t: t[3], 5),
        (FixedImbalanceBars(Measure.VALUE, 30_000), lambda t: t[1] * t[2] * t[3], 30_000),
    ],
)
def test_whole_trades_as_the_plain_twin(
    kind: Any,
    measure: Any,
    threshold: int,
    *,
    make_builder: Make,
    rows_of: Make,
    random_trades: Make,
) -> None:
    trades = random_trades(3, 3000)
    bars = make_builder(kind).push(rows_of(trades))
    expected = [
        (
            one[-1][0], one[0][1], max(t[1] for t in one), min(t[1] for t in one), one[-1][1],
            sum(t[2] for t in one if t[3] > 0), sum(t[2] for t in one if t[3] < 0),
        )
        for one in plain(trades, measure, threshold)
    ]  # fmt: skip
    assert shown(bars) == expected


@pytest.mark.parametrize("threshold", [1, 10, 37])
def test_split_bars_lose_nothing(
    threshold: int, make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    trades = random_trades(4, 2000)
    builder = make_builder(VolumeBars(threshold, is_split=True))
    bars = builder.push(rows_of(trades))
    whole = sum(t[2] for t in trades)
    lots = bars["buy_lots"] + bars["sell_lots"]
    assert np.all(lots == threshold)
    assert len(bars) == whole // threshold
    rest = builder.forming()
    assert lots.sum() + (rest["buy_lots"] + rest["sell_lots"]).sum() == whole


def test_a_trade_that_would_close_too_many_bars_is_refused(
    make_builder: Make, rows_of: Make
) -> None:
    builder = make_builder(VolumeBars(1, is_split=True))
    bars = builder.push(rows_of([(S, 100, 10**9, 1), (2 * S, 100, 999, 1), (3 * S, 100, 1, 1)]))
    assert len(bars) == 1000
    assert builder.counters["oversized_trades"] == 1
