from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_regression import (
    squares_off_line,
    window_regression,
    window_regression_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [2, 3, 14, 50])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_it_is_the_line_of_least_squares(
    n: int, level: float, walk: Values, run_cell: CellRun
) -> None:
    x = walk + level
    found = run_cell(window_regression, window_regression_size(n), x, n)
    windows = np.lib.stride_tricks.sliding_window_view(x, n)
    slope, intercept = np.polyfit(np.arange(n), (windows - level).T, 1)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :, 0], intercept + level, rtol=1e-12)
    assert np.allclose(found[n - 1 :, 1], slope, rtol=1e-12, atol=1e-13)
    parts = run_cell(window_regression, window_regression_size(n), x, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_has_no_slope(run_cell: CellRun) -> None:
    x = np.array([0.1, 7.3] + [0.3] * 6)
    found = run_cell(window_regression, window_regression_size(4), x, 4)
    assert found[5:].tolist() == [[0.3, 0.0]] * 3


def test_the_distances_from_the_line(walk: Values) -> None:
    values = walk[:9]
    line = np.polyfit(np.arange(9), values, 1)
    squares = np.sum((values - np.polyval(line, np.arange(9))) ** 2)
    assert squares_off_line(values.var(), line[0], 9) == pytest.approx(squares, rel=1e-12)
    assert squares_off_line(4.0, 7.0, 3) == 0.0
