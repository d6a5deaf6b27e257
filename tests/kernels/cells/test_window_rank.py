from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_rank import window_rank, window_rank_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 30])
def test_it_counts_the_smaller_ones(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_rank, window_rank_size(n), walk, n)
    expected = [np.sum(walk[i - n : i] < walk[i]) for i in range(n, len(walk))]
    assert np.all(np.isnan(found[:n]))
    assert np.array_equal(found[n:], expected)
    parts = run_cell(window_rank, window_rank_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
