from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.fractional_spectrum import spectral_density
from undertow.indicators.hurst import Hurst, hurst

Column = NDArray[np.float64]
FractionalPrices = Callable[[np.random.Generator, int, float], Column]


def _values(close: Column) -> tuple[float, float, float]:
    columns = Hurst(len(close)).batch(close)
    return (
        float(columns["value"][-1]),
        float(columns["estimate"][-1]),
        float(columns["standard_error"][-1]),
    )


def _twin_estimate(close: Column) -> float:
    # Whittle's contrast minimised by brute force over a fine grid.
    x = np.diff(np.log(close))
    n, m = len(x), (len(x) - 1) // 2
    power = np.abs(np.fft.rfft(x - x.mean())[1 : m + 1]) ** 2
    grid = np.arange(0.05, 0.96, 0.002)
    density = np.array(
        [[spectral_density(2 * np.pi * j / n, h) for j in range(1, m + 1)] for h in grid]
    )
    contrast = np.log(np.mean(power / density, axis=1)) + np.mean(np.log(density), axis=1)
    return float(grid[np.argmin(contrast)])


@pytest.mark.parametrize("exponent", [0.4, 0.5, 0.75])
def test_the_estimate_is_whittles(exponent: float, fractional_prices: FractionalPrices) -> None:
    close = fractional_prices(np.random.default_rng(131), 100, exponent)
    assert _values(close)[1] == pytest.approx(_twin_estimate(close), abs=0.003)


def _sample(exponent: float, prices: FractionalPrices, count: int = 400) -> Column:
    rng = np.random.default_rng(132)
    return np.array([_values(prices(rng, 100, exponent)) for _ in range(count)])


def test_random_walks_rarely_pass_and_the_error_is_honest(
    fractional_prices: FractionalPrices,
) -> None:
    found = _sample(0.5, fractional_prices)
    assert np.mean(found[:, 0] > 0.55) <= 0.08
    assert abs(found[:, 1].mean() - 0.5) < 0.02
    assert found[:, 1].std() == pytest.approx(found[:, 2].mean(), rel=0.12)


@pytest.mark.parametrize(("exponent", "least"), [(0.7, 0.8), (0.75, 0.9), (0.8, 0.95)])
def test_persistent_series_mostly_pass(
    exponent: float, least: float, fractional_prices: FractionalPrices
) -> None:
    found = _sample(exponent, fractional_prices)
    assert np.mean(found[:, 0] > 0.55) >= least
    assert abs(found[:, 1].mean() - exponent) < 0.02


def test_clustered_volatility_widens_the_error_and_does_not_pass() -> None:
    rng = np.random.default_rng(133)
    found = []
    for _ in range(300):
        noise, variance, returns = rng.standard_t(4, 300) / np.sqrt(2.0), 1.0, []
        for z in noise:
            returns.append(np.sqrt(variance) * z)
            variance = 0.05 + 0.12 * returns[-1] ** 2 + 0.83 * variance
        found.append(_values(100.0 * np.exp(np.cumsum(np.array(returns[-100:]) * 1e-3))))
    assert np.mean(np.array(found)[:, 0] > 0.55) <= 0.10
    assert np.mean(np.array(found)[:, 2]) > 0.074


def test_the_value_is_the_cautious_end_of_the_interval(fractional_prices: FractionalPrices) -> None:
    close = fractional_prices(np.random.default_rng(134), 100, 0.8)
    value, estimate, error = _values(close)
    assert value == pytest.approx(estimate - 0.8416 * error)
    assert hurst(close, 100, 0.0)[-1] == estimate
    assert hurst(close, 100, 9.0)[-1] == 0.5


def test_it_is_the_same_for_the_falling_mirror(fractional_prices: FractionalPrices) -> None:
    close = fractional_prices(np.random.default_rng(135), 120, 0.7)
    assert np.allclose(hurst(1e4 / close), hurst(close), rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize(
    "close", [np.full(120, 5.0), 1.001 ** np.arange(120.0), np.zeros(120), np.ones(2)]
)
def test_flat_straight_and_impossible_prices_are_undefined(close: Column) -> None:
    assert np.all(np.isnan(hurst(close)))


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="window"):
        Hurst(31)
    with pytest.raises(ConfigurationError, match="caution"):
        Hurst(100, -0.5)
