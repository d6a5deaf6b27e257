from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.wilder_sum import WILDER_SUM_SIZE, wilder_sum

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 14])
def test_it_starts_with_a_plain_sum(n: int, walk: Values, run_cell: CellRun) -> None:
    total = float(np.sum(walk[: n - 1]))
    expected = [np.nan] * (n - 1)
    for x in walk[n - 1 :].tolist():
        total = total - total / n + x
        expected.append(total)
    found = run_cell(wilder_sum, WILDER_SUM_SIZE, walk, float(n))
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
    parts = run_cell(wilder_sum, WILDER_SUM_SIZE, walk, float(n), cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
