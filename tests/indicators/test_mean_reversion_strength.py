from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.mean_reversion_strength import (
    MeanReversionStrength,
    mean_reversion_strength,
)

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _twin(window: NDArray[np.float64], period: int) -> float:
    means = np.lib.stride_tricks.sliding_window_view(window, period).mean(axis=1)
    d = window[period - 1 :] - means
    slope = np.cov(d[:-1], d[1:], bias=True)[0, 1] / np.var(d[:-1])
    return 1.0 - float(np.clip(slope, 0.0, 1.0))


def _autoregressive(phi: float, count: int) -> NDArray[np.float64]:
    noise = np.random.default_rng(121).standard_normal(count)
    level = np.zeros(count)
    for i in range(1, count):
        level[i] = phi * level[i - 1] + noise[i]
    return 100.0 + level


def test_it_equals_its_definition(bars: Bars) -> None:
    close = bars(122, 150)["close"]
    found = mean_reversion_strength(close, 60, 10)
    for i in range(59, 150):
        assert np.isclose(found[i], _twin(close[i - 59 : i + 1], 10), rtol=1e-9)


def test_it_orders_processes_by_how_fast_they_return() -> None:
    walk = mean_reversion_strength(_autoregressive(1.0, 4_000))[99::100].mean()
    slow = mean_reversion_strength(_autoregressive(0.8, 4_000))[99::100].mean()
    fast = mean_reversion_strength(_autoregressive(0.0, 4_000))[99::100].mean()
    assert walk < 0.15 < slow < 0.35 < 0.9 < fast


def test_half_life_follows_from_the_fit() -> None:
    indicator = MeanReversionStrength()
    for x in _autoregressive(0.8, 150).tolist():
        strength = indicator.update(x)
    assert np.isclose(indicator.value("half_life"), np.log(0.5) / np.log(1.0 - strength))


def test_a_flat_window_is_undefined() -> None:
    assert np.all(np.isnan(mean_reversion_strength(np.full(120, 3.0))))
    assert np.all(np.isnan(mean_reversion_strength(np.array([1.0, 2.0]))))


def test_a_window_without_room_for_the_mean_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="window"):
        MeanReversionStrength(20, 20)
