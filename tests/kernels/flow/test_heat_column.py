"""Columns of the heatmap against sums by row."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow.heat_column import add_column, row_shift

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("ticks", "bps", "shift"),
    [(10_000, 1, 0), (10_001, 1, 1), (10_000, 2, 1), (600_000, 2, 7), (1, 2, 0), (2**53, 1, 40)],
)
def test_a_row_is_the_least_power_of_two(ticks: int, bps: int, shift: int) -> None:
    assert row_shift(ticks, bps) == shift
    assert 10_000 * 2**shift >= bps * ticks
    assert shift == 0 or 10_000 * 2 ** (shift - 1) < bps * ticks


def put_book(arrays: Any, seed: int) -> tuple[dict[int, int], dict[int, int]]:
    """A random book of instrument 0 around 100,000."""
    rng = np.random.default_rng(seed)
    one = arrays.instruments[0]
    sides = []
    for k, sign in ((0, 1), (1, -1)):
        ticks = 100_000 - sign * np.unique(rng.integers(1, 3000, 40))
        lots = rng.integers(1, 900, len(ticks))
        keys = np.sort(sign * ticks)
        arrays.book_keys[0, k, : len(keys)] = keys
        arrays.book_lots[0, k, : len(keys)] = lots
        one["ask_levels" if k else "bid_levels"] = len(keys)
        one["ask_ticks" if k else "bid_ticks"] = abs(keys[-1])
        sides.append(dict(zip(np.abs(keys).tolist(), lots.tolist(), strict=True)))
    return sides[0], sides[1]


@pytest.mark.parametrize("seed", range(8))
def test_a_column_holds_the_lots_of_each_row(seed: int, make_arrays: Make) -> None:
    arrays = make_arrays(heat_rows=16, heat_columns=3, heat_row_bps=6)
    bids, asks = put_book(arrays, seed)
    add_column(arrays.run[0], 0, 1_234)
    column, cells = arrays.heat[0, 0], arrays.heat_lots[0, 0]
    assert (column["sampled_s"], column["shift"]) == (1_234, 6)
    for k, side in enumerate((bids, asks)):
        best = max(side) >> 6 if k == 0 else min(side) >> 6
        assert column["ask_row" if k else "bid_row"] == best
        sums: Counter[int] = Counter()
        for ticks, lots in side.items():
            sums[abs((ticks >> 6) - best)] += lots
        assert cells[8 * k : 8 * k + 8].tolist() == [sums[row] for row in range(8)]


def test_columns_come_when_due_and_the_ring_goes_round(make_arrays: Make) -> None:
    arrays = make_arrays(heat_columns=3, heat_every_s=10)
    put_book(arrays, 1)
    for second in (100, 101, 109, 110, 111, 127, 129, 131):
        add_column(arrays.run[0], 0, second)
    assert arrays.samples["heat_columns"][0] == 4
    assert arrays.heat["sampled_s"][0].tolist() == [131, 110, 127]
    assert arrays.samples["heat_due_s"][0] == 140
