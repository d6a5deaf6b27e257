"""Columns of bars to feed indicators with."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

Column = NDArray[np.float64]
Columns = dict[str, Column]


def _bars(seed: int, count: int) -> Columns:
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.standard_normal(count) * 1e-3))
    before = np.concatenate([[100.0], close[:-1]])
    columns = {
        "close": close,
        "high": np.maximum(before, close) * (1.0 + rng.exponential(5e-4, count)),
        "low": np.minimum(before, close) * (1.0 - rng.exponential(5e-4, count)),
        "volume": 1.0 + np.round(rng.exponential(50.0, count)),
    }
    high, low, volume = columns["high"], columns["low"], columns["volume"]
    opened = np.clip(before + rng.standard_normal(count) * 0.02, low, high)
    buy = np.round(volume * rng.random(count))
    return columns | {
        "open": opened,
        "buy_volume": buy,
        "sell_volume": volume - buy,
        "delta": 2.0 * buy - volume,
        "trades": np.ceil(volume / 3.0),
        "vwap": (high + low + 2.0 * close) / 4.0,
        "hl2": (high + low) / 2.0,
        "hlc3": (high + low + close) / 3.0,
        "log_return": np.log(close / before),
    }


@pytest.fixture
def bars() -> Callable[[int, int], Columns]:
    """Random bars of a seed and a count: every column that an indicator may ask for."""
    return _bars


def _fractional_prices(rng: np.random.Generator, count: int, exponent: float) -> Column:
    # Exact fractional Gaussian noise by the Cholesky factor of its covariance.
    lags = np.arange(count - 1)
    power = 2.0 * exponent
    rho = 0.5 * (
        np.abs(lags + 1.0) ** power
        - 2.0 * np.abs(lags + 0.0) ** power
        + np.abs(lags - 1.0) ** power
    )
    factor = np.linalg.cholesky(rho[np.abs(lags[:, None] - lags[None, :])])
    noise = factor @ rng.standard_normal(count - 1)
    prices: Column = 100.0 * np.exp(np.concatenate([[0.0], np.cumsum(noise * 1e-3)]))
    return prices


@pytest.fixture
def fractional_prices() -> Callable[[np.random.Generator, int, float], Column]:
    """Prices whose log returns are fractional Gaussian noise of a Hurst exponent."""
    return _fractional_prices
