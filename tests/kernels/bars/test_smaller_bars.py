"""Larger bars from smaller ones."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.flow.bar_kinds import (
    DollarBars,
    FixedImbalanceBars,
    Measure,
    RangeBars,
    TickBars,
    TimeBars,
    VolumeBars,
)

Make = Callable[..., Any]
S = 1_000_000_000


def small_bars(make_builder: Make, rows: Any, seconds: int) -> Any:
    """BAR rows of the time bars of trades, the last complete."""
    made = make_builder(TimeBars(seconds, 0)).push(rows)
    bars = np.zeros(len(made), BAR)
    for name in BAR.names or ():
        bars[name] = made[name]
    return bars


@pytest.mark.parametrize("seconds", [60, 180, 600])
def test_time_bars_of_a_multiple_are_those_of_the_trades(
    seconds: int, make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    rows = rows_of(random_trades(8, 6000))
    whole = make_builder(TimeBars(seconds, 0)).push(rows)
    made = make_builder(TimeBars(seconds)).push_bars(small_bars(make_builder, rows, 60), 60)
    traded = whole[1:]  # the small bars begin in the middle of the first large one
    assert len(made) >= len(traded) > 1
    for name in whole.dtype.names:
        assert np.array_equal(made[name][-len(traded) :], traded[name], equal_nan=True), name


@pytest.mark.parametrize(
    ("kind", "measure", "threshold"),
    [
        (TickBars(40), lambda b: b["buy_trades"] + b["sell_trades"], 40),
        (VolumeBars(100), lambda b: b["buy_lots"] + b["sell_lots"], 100),
        (DollarBars(90_000), lambda b: b["tick_lots"], 90_000),
        (FixedImbalanceBars(Measure.TRADES, 9), lambda b: b["buy_trades"] - b["sell_trades"], 9),
        (FixedImbalanceBars(Measure.QTY, 60), lambda b: b["buy_lots"] - b["sell_lots"], 60),
    ],
)
def test_thresholds_are_reached_in_whole_small_bars(
    kind: Any,
    measure: Any,
    threshold: int,
    *,
    make_builder: Make,
    rows_of: Make,
    random_trades: Make,
) -> None:
    small = small_bars(make_builder, rows_of(random_trades(9, 6000)), 10)
    made = make_builder(kind).push_bars(small, 10)
    traded = small[small["buy_trades"] + small["sell_trades"] > 0]
    groups, group, total = [], [], 0.0
    for bar in traded:
        group.append(bar)
        total += float(measure(bar))
        if abs(total) >= threshold:
            groups.append(group)
            group, total = [], 0.0
    assert len(made) == len(groups) > 3
    assert made["open_time_ns"].tolist() == [one[0]["open_time_ns"] for one in groups]
    assert made["close_time_ns"].tolist() == [one[-1]["open_time_ns"] + 10 * S for one in groups]
    assert made["close_ticks"].tolist() == [one[-1]["close_ticks"] for one in groups]
    assert made["high_ticks"].tolist() == [max(b["high_ticks"] for b in one) for one in groups]
    assert made["buy_lots"].tolist() == [sum(b["buy_lots"] for b in one) for one in groups]


def bar(second: int, prices: tuple[int, int, int, int], buys: int = 1, sells: int = 0) -> Any:
    value = float(prices[3] * (buys + sells))
    return (second * S, *prices, buys, sells, min(buys, 1), min(sells, 1), value)


def test_value_imbalance_takes_the_average_price(make_builder: Make) -> None:
    bars = np.array([bar(60, (10, 10, 10, 10), 9, 1), bar(120, (10, 20, 10, 20), 9, 0)], BAR)
    made = make_builder(FixedImbalanceBars(Measure.VALUE, 200)).push_bars(bars, 60)
    assert made["theta"].tolist() == [8 * 10.0 + 9 * 20.0]


def test_range_bars(make_builder: Make) -> None:
    bars = np.array([bar(60, (10, 12, 9, 11)), bar(120, (11, 14, 11, 13))], BAR)
    made = make_builder(RangeBars(5)).push_bars(bars, 60)
    assert made[["high_ticks", "low_ticks"]].tolist() == [(14, 9)]


def test_missing_and_flat_small_bars(make_builder: Make) -> None:
    flat = bar(180, (50, 50, 50, 50), 0, 0)
    bars = np.array([flat, bar(240, (60, 60, 60, 60)), bar(600, (70, 70, 70, 70))], BAR)
    made = make_builder(TimeBars(300)).push_bars(bars, 60)
    # The first bar ends at 300 s; the second stretch (300 to 600) has no small bar and no bar.
    assert made[["open_time_ns", "open_ticks"]].tolist() == [(0, 60)]
    more = make_builder(TimeBars(300))
    assert len(more.push_bars(np.array([flat], BAR), 60)) == 0
    late = np.array([bar(600, (70, 70, 70, 70))], BAR)
    assert more.push_bars(late, 60)[["open_ticks", "buy_trades"]].tolist() == [(50, 0)]


def test_impossible_and_old_bars_are_left_out(make_builder: Make) -> None:
    builder = make_builder(TickBars(2))
    good = bar(120, (10, 12, 9, 11))
    bad = bar(180, (10, 9, 12, 11)), bar(180, (10, 12, 9, 11), -1), bar(60, (10, 12, 9, 11))
    assert len(builder.push_bars(np.array([good, *bad], BAR), 60)) == 0
    assert builder.counters["refused_rows"] == 2
    assert builder.counters["late_trades"] == 1
    assert len(builder.push_bars(np.array([bar(180, (10, 12, 9, 11))], BAR), 60)) == 1
