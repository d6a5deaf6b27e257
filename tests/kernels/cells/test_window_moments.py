from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_moments import (
    window_autocorrelation,
    window_moments,
    window_moments_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 9])
def test_they_are_the_central_moments(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_moments, window_moments_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    distances = windows - windows.mean(axis=1, keepdims=True)
    expected = np.stack([(distances**power).mean(axis=1) for power in (2, 3, 4)], axis=1)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :], expected, rtol=1e-12, atol=1e-13)
    parts = run_cell(window_moments, window_moments_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("lag", [1, 4])
def test_it_is_the_autocorrelation(lag: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_autocorrelation, window_moments_size(9), walk, 9, lag)
    for i in range(8, len(walk)):
        d = walk[i - 8 : i + 1] - walk[i - 8 : i + 1].mean()
        assert found[i] == pytest.approx(np.sum(d[lag:] * d[:-lag]) / np.sum(d * d), abs=1e-13)
    parts = run_cell(window_autocorrelation, window_moments_size(9), walk, 9, lag, cuts=(5, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_has_none(run_cell: CellRun) -> None:
    x = [7.0] + [0.1] * 6
    assert run_cell(window_moments, window_moments_size(4), x, 4)[4:].tolist() == [[0.0] * 3] * 3
    assert np.isnan(run_cell(window_autocorrelation, window_moments_size(4), x, 4, 1)[4:]).all()
