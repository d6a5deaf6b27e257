import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.hurst_exponent import (
    detrended_fluctuation_exponent,
    structure_function_exponent,
)


def _noise(exponent: float, count: int = 1024, paths: int = 60) -> NDArray[np.float64]:
    lags = np.arange(count)
    power = 2.0 * exponent
    rho = 0.5 * (
        np.abs(lags + 1.0) ** power
        - 2.0 * np.abs(lags * 1.0) ** power
        + np.abs(lags - 1.0) ** power
    )
    factor = np.linalg.cholesky(rho[np.abs(lags[:, None] - lags[None, :])])
    found: NDArray[np.float64] = np.random.default_rng(4).standard_normal((paths, count)) @ factor.T
    return found


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.7])
def test_both_recover_the_exponent_of_long_series(exponent: float) -> None:
    noise = _noise(exponent)
    structure = [structure_function_exponent(np.cumsum(y)) for y in noise]
    fluctuation = [detrended_fluctuation_exponent(y) for y in noise]
    assert np.mean(structure) == pytest.approx(exponent, abs=0.03)
    assert np.mean(fluctuation) == pytest.approx(exponent, abs=0.04)


def test_structure_function_is_its_definition() -> None:
    x = np.cumsum(np.random.default_rng(5).standard_normal(200))
    spans = range(2, 21)
    logs = [np.log(np.std([x[i + k] - x[i] for i in range(200 - k)])) for k in spans]
    slope = np.polyfit(np.log(list(spans)), logs, 1)[0]
    assert structure_function_exponent(x) == pytest.approx(slope, rel=1e-9)


def test_dfa_is_its_definition() -> None:
    y = np.random.default_rng(6).standard_normal(100)
    path, logs = np.cumsum(y - y.mean()), []
    for n in (8, 16, 30):
        squares = []
        for part in (path[i : i + n] for i in range(0, 100 - n + 1, n)):
            fit = np.polyval(np.polyfit(np.arange(n), part, 1), np.arange(n))
            squares.extend((part - fit) ** 2)
        logs.append(0.5 * np.log(np.mean(squares)))
    slope = np.polyfit(np.log([8, 16, 30]), logs, 1)[0]
    assert detrended_fluctuation_exponent(y, (8, 16, 30)) == pytest.approx(slope, rel=1e-9)


def test_degenerate_inputs() -> None:
    assert np.isnan(structure_function_exponent(np.ones(50)))
    assert np.isnan(detrended_fluctuation_exponent(np.ones(300)))
    with pytest.raises(CallerError, match="longest"):
        structure_function_exponent(np.ones(5))
    with pytest.raises(CallerError, match="windows"):
        detrended_fluctuation_exponent(np.ones(100))
