from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_moments import window_moments, window_moments_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 9, 40])
def test_they_are_the_central_moments(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(window_moments, window_moments_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    distances = windows - windows.mean(axis=1, keepdims=True)
    expected = np.stack([(distances**power).mean(axis=1) for power in (2, 3, 4)], axis=1)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :], expected, rtol=1e-12, atol=1e-13)
    parts = run_cell(window_moments, window_moments_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_has_none(run_cell: CellRun) -> None:
    x = np.array([7.0] + [0.1] * 6)
    assert run_cell(window_moments, window_moments_size(4), x, 4)[4:].tolist() == [[0.0] * 3] * 3


def test_far_levels_and_outliers_cost_no_digits(run_cell: CellRun) -> None:
    rng = np.random.default_rng(6)
    x = np.repeat([1.0, 3e4, -7.0], 40) + rng.integers(-8, 9, 120) / 8.0
    x[60] = 1e6
    found = run_cell(window_moments, window_moments_size(12), x, 12)[11:]
    windows = np.lib.stride_tricks.sliding_window_view(x, 12)
    distances = windows - windows.mean(axis=1, keepdims=True)
    for k, power in enumerate((2, 3, 4)):
        scale = (np.abs(distances) ** power).mean(axis=1)
        assert np.all(np.abs(found[:, k] - (distances**power).mean(axis=1)) <= 1e-11 * scale)
