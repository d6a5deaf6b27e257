from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.channels import Bollinger

Values = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Values]]


def test_bollinger_bands_are_population_deviations_around_the_mean(bars: Bars) -> None:
    close = bars(31, 100)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, 10)
    found = Bollinger(10, 2.5, 1.5).batch(close)
    mean, deviation = windows.mean(axis=1), windows.std(axis=1)
    assert np.allclose(found["value"][9:], mean, rtol=1e-13)
    assert np.allclose(found["upper"][9:], mean + 2.5 * deviation, rtol=1e-12)
    assert np.allclose(found["lower"][9:], mean - 1.5 * deviation, rtol=1e-12)


def test_a_constant_price_has_bands_of_no_width() -> None:
    found = Bollinger(4).batch(np.full(9, 3.3))
    for name in Bollinger.outputs:
        assert found[name][3:].tolist() == [3.3] * 6


def test_negative_widths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="found -1"):
        Bollinger(20, -1.0)


def _jumpy(count: int) -> Values:
    # Levels far apart, flat stretches and an outlier: blocks that plain sums cannot do.
    rng = np.random.default_rng(33)
    level = np.repeat(rng.choice([1.0, 100.0, 1e7], count // 25 + 1), 25)[:count]
    x = level + np.where(rng.random(count) < 0.5, rng.standard_normal(count), 0.0)
    x[40:90] = 5.0
    x[count // 2] = 1e12
    return x


@pytest.mark.parametrize("period", [1, 2, 3, 20])
def test_whole_blocks_give_the_bits_of_single_updates(period: int) -> None:
    x = _jumpy(500)
    one, found = Bollinger(period), Bollinger(period).batch(x)
    for i, value in enumerate(x.tolist()):
        one.update(value)
        for name in one.outputs:
            assert found[name][i] == one.value(name) or i < period - 1
    windows = np.lib.stride_tricks.sliding_window_view(x, period)
    middle, top = windows.mean(axis=1), windows.mean(axis=1) + 2.0 * windows.std(axis=1)
    assert np.allclose(found["value"][period - 1 :], middle, rtol=1e-14)
    assert np.allclose(found["upper"][period - 1 :], top, rtol=1e-12)


@pytest.mark.parametrize("place", [3, 77, 249])
@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_holes_are_found_wherever_they_are(place: int, hole: float, bars: Bars) -> None:
    close = bars(34, 250)["close"]
    dense = Bollinger(20).batch(np.delete(close, place))["upper"]
    close[place] = hole
    found = Bollinger(20).batch(close)["upper"]
    assert np.isnan(found[place])
    assert np.array_equal(np.delete(found, place), dense, equal_nan=True)
