from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_extreme import (
    bars_since_max,
    bars_since_min,
    bars_since_size,
    window_extreme_size,
    window_max,
    window_min,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 3, 10, 57])
def test_they_are_the_extremes_of_each_window(n: int, walk: Values, run_cell: CellRun) -> None:
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    size = window_extreme_size(n)
    for cell, expected in ((window_max, windows.max(1)), (window_min, windows.min(1))):
        found = run_cell(cell, size, walk, n)
        assert np.all(np.isnan(found[: n - 1]))
        assert np.array_equal(found[n - 1 :], expected)
        parts = run_cell(cell, size, walk, n, cuts=(1, n, 61))
        assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_the_newest_of_equal_ones_is_found(n: int, walk: Values, run_cell: CellRun) -> None:
    reversed_windows = np.lib.stride_tricks.sliding_window_view(walk, n)[:, ::-1]
    size = bars_since_size(n)
    expected = (reversed_windows.argmax(1), reversed_windows.argmin(1))
    for cell, wanted in zip((bars_since_max, bars_since_min), expected, strict=True):
        found = run_cell(cell, size, walk, n, 1)
        assert np.all(np.isnan(found[: n - 1]))
        assert np.array_equal(found[n - 1 :], wanted)
        parts = run_cell(cell, size, walk, n, 1, cuts=(1, n, 61))
        assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("n", [2, 3, 10])
def test_equal_ones_as_talib_takes_them(n: int, walk: Values, run_cell: CellRun) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    ages = np.arange(len(walk))[n - 1 :]
    pairs = ((bars_since_max, talib.MAXINDEX), (bars_since_min, talib.MININDEX))
    for cell, theirs in pairs:
        found = run_cell(cell, bars_since_size(n), walk, n, 0)[n - 1 :]
        assert np.array_equal(ages - found, theirs(walk, n)[n - 1 :])
