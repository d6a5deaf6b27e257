from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_variance import window_variance, window_variance_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 7, 20])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_it_is_mean_and_variance(n: int, level: float, walk: Values, run_cell: CellRun) -> None:
    x = walk + level
    found = run_cell(window_variance, window_variance_size(n), x, n)
    windows = np.lib.stride_tricks.sliding_window_view(x, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :, 0], windows.mean(1), rtol=1e-15)
    assert np.allclose(found[n - 1 :, 1], windows.var(1), rtol=1e-12)
    parts = run_cell(window_variance, window_variance_size(n), x, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_has_no_variance(run_cell: CellRun) -> None:
    x = np.array([0.1] * 7 + [1e12] + [0.3] * 9)
    found = run_cell(window_variance, window_variance_size(5), x, 5)
    assert found[4:7].tolist() == [[0.1, 0.0]] * 3
    assert found[12:].tolist() == [[0.3, 0.0]] * 5


def test_an_outlier_that_left_is_forgotten(run_cell: CellRun) -> None:
    x = np.random.default_rng(8).random(60)
    x[17] = 1e14
    found = run_cell(window_variance, window_variance_size(6), x, 6)
    windows = np.lib.stride_tricks.sliding_window_view(x, 6)
    assert np.allclose(found[23:, 1], windows[18:].var(1), rtol=1e-12)
    assert np.nanmin(found[:, 1]) >= 0.0


def test_a_new_level_costs_no_digits(run_cell: CellRun) -> None:
    rng = np.random.default_rng(9)
    x = np.where(np.arange(90) < 40, 1.0, 1e9) + rng.integers(0, 9, 90) / 8.0
    found = run_cell(window_variance, window_variance_size(12), x, 12)
    windows = np.lib.stride_tricks.sliding_window_view(x, 12)
    assert np.allclose(found[11:, 1], windows.var(1), rtol=1e-12)
