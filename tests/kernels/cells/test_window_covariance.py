from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_covariance import (
    window_covariance,
    window_covariance_size,
    window_means,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def _twin(x: Values, y: Values, n: int) -> Values:
    found = []
    for i in range(n, len(x) + 1):
        dx, dy = x[i - n : i] - x[i - n : i].mean(), y[i - n : i] - y[i - n : i].mean()
        found.append(((dx * dx).mean(), (dy * dy).mean(), (dx * dy).mean()))
    return np.array(found)


@pytest.mark.parametrize("n", [1, 2, 7, 30])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_it_is_variance_and_covariance(
    n: int, level: float, walk: Values, run_cell: CellRun
) -> None:
    x, y = walk + level, np.roll(walk, 3) ** 2
    rows = list(zip(x.tolist(), y.tolist(), strict=True))
    found = run_cell(window_covariance, window_covariance_size(n), rows, n)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :], _twin(x, y, n), rtol=1e-11, atol=1e-9)
    parts = run_cell(window_covariance, window_covariance_size(n), rows, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_varies_with_nothing(run_cell: CellRun) -> None:
    x = [0.1] * 4 + [1e9] + [0.3] * 6
    y = np.random.default_rng(5).random(11).tolist()
    rows = list(zip(x, y, strict=True))
    found = run_cell(window_covariance, window_covariance_size(4), rows, 4)
    assert found[[3, 8, 9, 10], 0].tolist() == [0.0] * 4
    assert found[[3, 8, 9, 10], 2].tolist() == [0.0] * 4
    assert np.allclose(found[8:, 1], _twin(np.array(x), np.array(y), 4)[5:, 1], rtol=1e-12)


def test_the_means_are_those_of_the_window(walk: Values) -> None:
    state = np.zeros(window_covariance_size(6))
    for i, x in enumerate(walk.tolist()):
        window_covariance(state, 0, x, -x, 6)
        if i >= 5:
            mean = walk[i - 5 : i + 1].mean()
            assert window_means(state, 0, 6) == pytest.approx((mean, -mean), rel=1e-14)
