from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_sum import window_sum, window_sum_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 30])
def test_it_is_the_sum_of_each_window(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_sum, window_sum_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.array_equal(found[n - 1 :], windows.sum(1))
    parts = run_cell(window_sum, window_sum_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_an_outlier_is_forgotten_within_a_window(run_cell: CellRun) -> None:
    x = np.array([1.0] * 4 + [1e17] + [1.0] * 9)
    assert run_cell(window_sum, window_sum_size(3), x, 3)[10:].tolist() == [3.0] * 4
