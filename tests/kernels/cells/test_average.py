from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE, average

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 14])
def test_it_starts_with_the_mean(n: int, walk: Values, run_cell: CellRun) -> None:
    value = float(np.mean(walk[:n]))
    expected = [np.nan] * (n - 1) + [value]
    for x in walk[n:].tolist():
        value = (value * (n - 1) + x) / n
        expected.append(value)
    found = run_cell(average, AVERAGE_SIZE, walk, float(n), 1.0 / n)
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
    parts = run_cell(average, AVERAGE_SIZE, walk, float(n), 1.0 / n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
