"""Expected: the definitions with loops over lags and rows, and processes whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.long_run_variance import (
    Kernel,
    andrews_bandwidth,
    long_run_covariance,
    prewhitened_long_run_covariance,
    prewhitened_mean_errors,
)


@pytest.mark.parametrize("kernel", ["parzen", "quadratic_spectral"])
@pytest.mark.parametrize("memory", [0.0, 0.4, 0.9])
def test_it_is_its_definition(kernel: Kernel, memory: float) -> None:
    table = _autoregressive(60, 3, memory)
    bandwidth = _slow_bandwidth(table, {"parzen": 2.6614}.get(kernel, 1.3221))
    assert andrews_bandwidth(table, kernel=kernel) == pytest.approx(bandwidth)
    found = long_run_covariance(table, parameters=4, kernel=kernel)
    assert found == pytest.approx(_slow_covariance(table, bandwidth, kernel) * 60.0 / 56.0)
    assert np.linalg.eigvalsh(found).min() > -1e-9


@pytest.mark.parametrize("memory", [0.6, 1.0])
def test_prewhitening_is_its_definition(memory: float) -> None:
    table = _autoregressive(80, 2, memory)
    matrix = np.zeros((2, 2))
    for column in range(2):
        matrix[column] = np.linalg.lstsq(table[:-1], table[1:, column], rcond=None)[0]
    left, sizes, right = np.linalg.svd(matrix)
    matrix = left @ np.diag(np.minimum(sizes, 0.97)) @ right
    rest = np.array([table[t] - matrix @ table[t - 1] for t in range(1, 80)])
    inner = _slow_covariance(rest, _slow_bandwidth(rest, 2.6614), "parzen") * 79.0 / 75.0
    undo = np.linalg.inv(np.eye(2) - matrix)
    found = prewhitened_long_run_covariance(table, parameters=4)
    assert found == pytest.approx(undo @ inner @ undo.T)


def test_the_variance_of_an_autoregression() -> None:
    table = _autoregressive(20_000, 1, 0.5)
    assert prewhitened_long_run_covariance(table)[0, 0] == pytest.approx(4.0, rel=0.08)
    assert long_run_covariance(table)[0, 0] == pytest.approx(4.0, rel=0.12)


def test_errors_of_means_are_those_of_each_column() -> None:
    table = np.hstack([_autoregressive(70, 2, 0.5) + 3.0, np.full((70, 1), 0.1)])
    found = prewhitened_mean_errors(table)
    for column in range(2):
        own = table[:, column : column + 1] - table[:, column].mean()
        expected = prewhitened_long_run_covariance(own, parameters=1)[0, 0] / 70.0
        assert found[column] == pytest.approx(np.sqrt(expected))
    assert found[2] == 0.0


def test_a_random_walk_is_capped() -> None:
    table = np.cumsum(_autoregressive(50, 1, 0.0), axis=0)
    assert andrews_bandwidth(table) <= 49.0
    assert np.isfinite(prewhitened_long_run_covariance(table)).all()
    assert andrews_bandwidth(np.zeros((9, 1))) == 0.0
    assert long_run_covariance(np.zeros((9, 1)))[0, 0] == 0.0


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="one of parzen"):
        andrews_bandwidth(np.ones((9, 1)), kernel="bartlett")  # type: ignore[arg-type]
    with pytest.raises(CallerError, match="parameters"):
        long_run_covariance(np.ones((9, 1)), parameters=9)


def _autoregressive(rows: int, columns: int, memory: float) -> NDArray[np.float64]:
    table = np.random.default_rng(rows + columns).standard_normal((rows, columns))
    for row in range(1, rows):
        table[row] += memory * table[row - 1]
    centred: NDArray[np.float64] = table - table.mean(axis=0)
    return centred


def _slow_bandwidth(table: NDArray[np.float64], factor: float) -> float:
    above = below = 0.0
    for column in table.T:
        inputs = np.column_stack([np.ones(len(column) - 1), column[:-1]])
        fitted = np.linalg.lstsq(inputs, column[1:], rcond=None)[0]
        rest = column[1:] - inputs @ fitted
        fourth = float(rest @ rest / len(rest)) ** 2
        slope = float(fitted[1])
        above += 4.0 * slope**2 * fourth / (1.0 - slope) ** 8
        below += fourth / (1.0 - slope) ** 4
    return float(min(factor * (above / below * len(table)) ** 0.2, len(table) - 1.0))


def _slow_covariance(
    table: NDArray[np.float64], bandwidth: float, kernel: str
) -> NDArray[np.float64]:
    count, columns = table.shape
    total = np.zeros((columns, columns))
    for lag in range(count):
        share = lag / bandwidth
        if kernel == "parzen":
            inside = 1.0 - 6.0 * share**2 + 6.0 * share**3
            weight = inside if share <= 0.5 else 2.0 * (1.0 - share) ** 3 if share < 1.0 else 0.0
        else:
            z = 6.0 * np.pi * share / 5.0
            weight = 3.0 / z**2 * (np.sin(z) / z - np.cos(z)) if lag else 1.0
        one = np.zeros((columns, columns))
        for row in range(lag, count):
            one += np.outer(table[row], table[row - lag]) / count
        total += weight * (one + one.T) / (2.0 if lag == 0 else 1.0)
    return total
