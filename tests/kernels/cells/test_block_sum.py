from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum, block_sum_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 30])
def test_it_is_the_sum_of_each_window(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(block_sum, block_sum_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.array_equal(found[n - 1 :], windows.sum(1))
    parts = run_cell(block_sum, block_sum_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_what_has_left_the_window_leaves_no_residue(run_cell: CellRun) -> None:
    x = np.array([0.1, 0.3, 1e17, 0.7, 0.0, 0.0, 0.0, 0.0, 0.2])
    assert run_cell(block_sum, block_sum_size(3), x, 3)[6:].tolist() == [0.0, 0.0, 0.2]


def test_a_number_that_is_none_leaves_with_its_window(run_cell: CellRun) -> None:
    x = np.array([1.0, np.nan, 2.0, 3.0, 4.0, 5.0])
    found = run_cell(block_sum, block_sum_size(2), x, 2)
    assert found[3:].tolist() == [5.0, 7.0, 9.0]
