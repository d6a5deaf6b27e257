"""Footprint kernel against a dict-based twin, and its rows when prices do not fit."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.flow.footprint import FootprintBuilder, FootprintConfig
from undertow.kernels.bars.footprint_layout import FOOTPRINT_HEAD
from undertow.kernels.bars.footprint_rows import fit_rows

Make = Callable[..., Any]
S = 1_000_000_000


def plain(trades: list[Any], seconds: int) -> dict[int, dict[int, list[int]]]:
    """Bought and sold lots by tick by stretch."""
    bars: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for time_ns, ticks, lots, side in trades:
        bars[time_ns // (seconds * S)][ticks][side < 0] += lots
    return bars


@pytest.mark.parametrize("height", [1, 3])
@pytest.mark.parametrize("count", [16, 256])
def test_as_the_plain_twin(height: int, count: int, rows_of: Make, random_trades: Make) -> None:
    trades = random_trades(31, 6000)
    config = FootprintConfig(row_ticks=height, rows=count, kept=200, lateness_ns=0)
    builder = FootprintBuilder(config)
    bars = list(builder.walk(rows_of(trades)))
    twin = plain(trades, 60)
    assert [bar.open_time_ns // (60 * S) for bar in bars] == sorted(twin)[:-1]
    total = 0
    for bar in bars:
        cells = twin[bar.open_time_ns // (60 * S)]
        assert bar.row_ticks % height == 0
        assert len(bar.rows) <= count
        grouped: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for ticks, (bought, sold) in cells.items():
            grouped[ticks // bar.row_ticks * bar.row_ticks][0] += bought
            grouped[ticks // bar.row_ticks * bar.row_ticks][1] += sold
        shown = zip(bar.rows.tolist(), bar.buys.tolist(), bar.sells.tolist(), strict=True)
        assert {row: [b, s] for row, b, s in shown if b + s} == grouped
        assert (bar.rows[0], bar.rows[-1]) == (min(grouped), max(grouped))
        assert (bar.high_ticks, bar.low_ticks) == (max(cells), min(cells))
        total += bar.delta_lots
        assert bar.cum_delta == total


def test_extreme_deltas_inside_a_bar(rows_of: Make) -> None:
    sides = [(1, 5), (1, 2), (-1, 20), (1, 4)]
    trades = [((60 + k) * S, 100, lots, side) for k, (side, lots) in enumerate(sides)]
    builder = FootprintBuilder(FootprintConfig(lateness_ns=0))
    builder.push(rows_of([*trades, (121 * S, 100, 1, 1)]))
    (bar,) = builder.bars()
    assert (bar.max_delta, bar.min_delta, bar.delta_lots) == (7, -13, -9)
    (rest,) = builder.forming()
    assert (rest.cum_delta, rest.max_delta, rest.min_delta) == (-8, 1, 0)


def test_rows_double_until_prices_fit() -> None:
    heads = np.zeros(1, FOOTPRINT_HEAD)
    lots = np.zeros((8, 2), np.int64)
    heads["row_ticks"], heads["first_row"] = 1, 100
    heads["low_ticks"], heads["high_ticks"] = 101, 130
    lots[1, 0], lots[7, 1] = 5, 6
    fit_rows(heads[0], lots)
    height, first = int(heads["row_ticks"][0]), int(heads["first_row"][0])
    assert height == 4  # 25 .. 32 are eight rows of four ticks
    assert (lots[101 // 4 - first, 0], lots[107 // 4 - first, 1]) == (5, 6)
    assert lots.sum() == 11


def test_rows_only_move_when_the_span_fits() -> None:
    heads = np.zeros(1, FOOTPRINT_HEAD)
    lots = np.zeros((8, 2), np.int64)
    heads["row_ticks"], heads["first_row"] = 1, 100
    heads["low_ticks"], heads["high_ticks"] = 105, 110
    lots[5, 0] = 3
    fit_rows(heads[0], lots)
    assert (heads["row_ticks"][0], heads["first_row"][0]) == (1, 104)
    assert lots[1, 0] == 3
