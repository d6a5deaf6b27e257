from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.delay import delay, delay_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 30])
def test_it_answers_what_was_n_values_ago(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(delay, delay_size(n), walk, n)
    assert np.all(np.isnan(found[:n]))
    assert np.array_equal(found[n:], walk[:-n])
    parts = run_cell(delay, delay_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
