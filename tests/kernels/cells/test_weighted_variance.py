from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.weighted_variance import (
    RUNNING_VARIANCE_SIZE,
    running_variance,
    weighted_variance,
    weighted_variance_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def _twin(x: Values, weights: Values) -> tuple[float, float]:
    if weights.sum() == 0.0:
        return np.nan, np.nan
    mean = np.average(x, weights=weights)
    return float(mean), float(np.average((x - mean) ** 2, weights=weights))


def _rows(walk: Values) -> tuple[Values, list[tuple[float, float]]]:
    weights = np.random.default_rng(5).integers(0, 4, len(walk)).astype(np.float64)
    weights[60:80] = 0.0
    return weights, list(zip(walk.tolist(), weights.tolist(), strict=True))


def test_all_so_far(walk: Values, run_cell: CellRun) -> None:
    weights, rows = _rows(walk)
    found = run_cell(running_variance, RUNNING_VARIANCE_SIZE, rows)
    expected = [_twin(walk[: i + 1], weights[: i + 1]) for i in range(len(walk))]
    assert np.allclose(found, expected, rtol=1e-11, equal_nan=True)
    parts = run_cell(running_variance, RUNNING_VARIANCE_SIZE, rows, cuts=(1, 70))
    assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_the_last_n(n: int, walk: Values, run_cell: CellRun) -> None:
    weights, rows = _rows(walk)
    found = run_cell(weighted_variance, weighted_variance_size(n), rows, n)
    expected = [_twin(walk[i - n : i], weights[i - n : i]) for i in range(n, len(walk) + 1)]
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :], expected, rtol=1e-11, atol=1e-20, equal_nan=True)
    parts = run_cell(weighted_variance, weighted_variance_size(n), rows, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_one_value_has_no_variance_and_a_negative_weight_is_none(run_cell: CellRun) -> None:
    rows = [(0.1, 2.0), (9.0, -3.0), (0.1, 0.0), (0.1, 5.0)]
    found = run_cell(running_variance, RUNNING_VARIANCE_SIZE, rows)
    assert found.tolist() == [[0.1, 0.0]] * 4
