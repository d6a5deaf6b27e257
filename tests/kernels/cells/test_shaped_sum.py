from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.shaped_sum import shaped_sum, shaped_sum_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 9])
def test_each_place_has_its_weight(n: int, walk: Values, run_cell: CellRun) -> None:
    weights = np.arange(n + 1) ** 2 + 0.25
    found = run_cell(shaped_sum, shaped_sum_size(n), walk, n, weights)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.array_equal(found[n - 1 :], windows @ weights[1:])
    parts = run_cell(shaped_sum, shaped_sum_size(n), walk, n, weights, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
