from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_autocorrelation import (
    window_autocorrelation,
    window_autocorrelation_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("lag", [1, 4, 8])
def test_it_is_the_autocorrelation(lag: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_autocorrelation, window_autocorrelation_size(9), walk, 9, lag)
    for i in range(8, len(walk)):
        d = walk[i - 8 : i + 1] - walk[i - 8 : i + 1].mean()
        assert found[i] == pytest.approx(np.sum(d[lag:] * d[:-lag]) / np.sum(d * d), abs=1e-13)
    parts = run_cell(
        window_autocorrelation, window_autocorrelation_size(9), walk, 9, lag, cuts=(5, 61)
    )
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_has_none(run_cell: CellRun) -> None:
    x = np.array([7.0] + [0.1] * 6)
    size = window_autocorrelation_size(4)
    assert np.isnan(run_cell(window_autocorrelation, size, x, 4, 1)[4:]).all()
