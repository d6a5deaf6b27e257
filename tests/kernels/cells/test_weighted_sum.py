from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.weighted_sum import (
    weighted_sum,
    weighted_sum_size,
    weighted_sums,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_the_newest_weighs_most(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(weighted_sums, weighted_sum_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.array_equal(found[n - 1 :, 0], windows @ np.arange(1.0, n + 1))
    assert np.array_equal(found[n - 1 :, 1], windows.sum(1))
    first = run_cell(weighted_sum, weighted_sum_size(n), walk, n)
    assert first.tobytes() == found[:, 0].tobytes()
    parts = run_cell(weighted_sums, weighted_sum_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_an_outlier_leaves_nothing_behind(run_cell: CellRun) -> None:
    x = np.array([1.0] * 4 + [1e17] + [1.0] * 9)
    found = run_cell(weighted_sums, weighted_sum_size(3), x, 3)
    assert found[7:].tolist() == [[6.0, 3.0]] * 7
