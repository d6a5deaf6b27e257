from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.rank_before import rank_before, rank_before_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 50])
def test_it_counts_what_is_smaller(n: int, walk: Values, run_cell: CellRun) -> None:
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)[:-1]
    expected = 100.0 * (windows < walk[n:, None]).sum(1) / n
    found = run_cell(rank_before, rank_before_size(n), walk, n)
    assert np.all(np.isnan(found[:n]))
    assert np.array_equal(found[n:], expected)
    parts = run_cell(rank_before, rank_before_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
