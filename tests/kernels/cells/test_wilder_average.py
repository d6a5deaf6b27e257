from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE, wilder_average

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 14])
def test_it_is_wilders_definition(n: int, walk: Values, run_cell: CellRun) -> None:
    expected = [np.nan] * (n - 1) + [float(walk[:n].mean())]
    for x in walk[n:].tolist():
        expected.append((expected[-1] * (n - 1) + x) / n)
    found = run_cell(wilder_average, WILDER_AVERAGE_SIZE, walk, n)
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
    parts = run_cell(wilder_average, WILDER_AVERAGE_SIZE, walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_constant_is_kept(run_cell: CellRun) -> None:
    found = run_cell(wilder_average, WILDER_AVERAGE_SIZE, np.full(5000, 0.1), 14)
    assert np.abs(found[13:] - 0.1).max() < 2e-15
