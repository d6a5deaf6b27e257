from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.bollinger import Bollinger, bollinger

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def test_bands_are_population_deviations_around_the_mean(bars: Bars) -> None:
    close = bars(31, 100)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, 10)
    middle, upper, lower = bollinger(close, 10, 2.5, 1.5)
    mean, deviation = windows.mean(axis=1), windows.std(axis=1)
    assert np.allclose(middle[9:], mean, rtol=1e-13)
    assert np.allclose(upper[9:], mean + 2.5 * deviation, rtol=1e-12)
    assert np.allclose(lower[9:], mean - 1.5 * deviation, rtol=1e-12)


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    close = bars(32, 300)["close"]
    upper, middle, lower = talib.BBANDS(close, 20, 2.0, 2.0)
    for ours, theirs in zip(bollinger(close), (middle, upper, lower), strict=True):
        assert np.allclose(ours, theirs, rtol=1e-9, equal_nan=True)


def test_a_constant_price_has_bands_of_no_width() -> None:
    middle, upper, lower = bollinger(np.full(5, 3.3), 4)
    assert middle[-1] == upper[-1] == lower[-1] == 3.3


def test_negative_widths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="found -1"):
        Bollinger(20, -1.0)
