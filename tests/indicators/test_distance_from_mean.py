from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from undertow.indicators.distance_from_mean import DistanceFromMean, distance_from_mean

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def test_it_is_the_z_score_of_the_last_close(bars: Bars) -> None:
    close = bars(41, 80)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, 15)
    expected = (close[14:] - windows.mean(axis=1)) / windows.std(axis=1)
    assert np.allclose(distance_from_mean(close)[14:], expected, rtol=1e-10)


def test_it_is_mirrored_with_the_price(bars: Bars) -> None:
    close = bars(42, 80)["close"]
    assert np.array_equal(distance_from_mean(-close), -distance_from_mean(close), equal_nan=True)


def test_a_constant_window_has_no_distance() -> None:
    indicator = DistanceFromMean(3)
    found = [indicator.update(x) for x in (5.0, 5.0, 5.0, 6.0)]
    assert np.isnan(found[2])
    assert found[3] == (6.0 - 16.0 / 3.0) / np.sqrt(2.0 / 9.0)
    assert indicator.value("deviation") > 0.0
