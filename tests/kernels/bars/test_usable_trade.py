"""Which rows a builder takes, and how often."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.flow.bar_kinds import TickBars, TimeBars
from undertow.flow.footprint import FootprintBuilder
from undertow.flow.trade_intensity import TradeIntensity
from undertow.kernels.bars.bar_layout import MOST_EXACT

Make = Callable[..., Any]
S = 1_000_000_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("side", 0), ("side", 2), ("price_ticks", 0), ("price_ticks", -5), ("qty_lots", 0),
        ("qty_lots", -1), ("qty_lots", MOST_EXACT + 1), ("price_ticks", MOST_EXACT + 1),
    ],
)  # fmt: skip
def test_impossible_trades_are_refused(
    field: str, value: int, make_builder: Make, rows_of: Make
) -> None:
    rows = rows_of([(S, 100, 1, 1), (2 * S, 100, 1, 1)])
    rows[field][0] = value
    builder = make_builder(TickBars(1))
    assert len(builder.push(rows)) == 1
    assert (builder.counters["refused_rows"], builder.counters["trades"]) == (1, 1)


def test_other_rows_are_passed_over(make_builder: Make, rows_of: Make) -> None:
    rows = rows_of([(S, 100, 1, 1)] * 3)
    rows["instrument"][0] = 5
    rows["kind"][1] = 2
    builder = make_builder(TickBars(1))
    assert len(builder.push(rows)) == 1
    assert builder.counters["refused_rows"] == 0


def test_rows_from_the_future_are_misdated(make_builder: Make, rows_of: Make) -> None:
    rows = rows_of([(100 * S, 100, 1, 1), (100 * S, 100, 1, 1), (0, 100, 1, 1)])
    rows["receive_time_ns"] = [90 * S, 90 * S - 1, 90 * S]
    builder = make_builder(TickBars(1))
    assert len(builder.push(rows)) == 1
    assert builder.counters["misdated_rows"] == 2


def test_a_trade_sent_twice_counts_once(make_builder: Make, rows_of: Make) -> None:
    rows = rows_of([(k * S, 100, 1, 1) for k in (1, 2, 3, 2, 3, 4, 4)])
    rows["sequence"] = [7, 8, 9, 8, 9, 10, 10]
    for builder in (make_builder(TickBars(99)), make_builder(TimeBars(60)), FootprintBuilder(),
                    TradeIntensity()):  # fmt: skip
        builder.push(rows)
        assert (builder.counters["trades"], builder.counters["repeated_trades"]) == (4, 3)


def test_a_trade_that_fills_a_hole_counts(make_builder: Make, rows_of: Make) -> None:
    rows = rows_of([(k * S, 100, 1, 1) for k in (1, 4, 2, 3, 3, 9)])
    rows["sequence"] = [5, 8, 6, 7, 7, 1]
    builder = make_builder(TickBars(99))
    builder.push(rows)
    counters = builder.counters
    assert (counters["trades"], counters["repeated_trades"]) == (5, 1)
    assert counters["renumbered_trades"] == 1  # id 1 on the newest trade: counted anew


def test_bars_that_do_not_fit_at_once_lose_no_trade(make_builder: Make, rows_of: Make) -> None:
    rows = rows_of([(k * 3 * S, 100, 1, 1) for k in range(1, 4000)])
    rows["sequence"] = np.arange(1, 4000)
    builder = make_builder(TimeBars(1))
    bars = builder.push(rows)
    assert len(bars) > 4000 * 2.9
    assert builder.counters["trades"] == 3999
    assert builder.counters["repeated_trades"] == 0
