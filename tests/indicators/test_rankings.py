from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.rankings import (
    MaxIndex,
    Median,
    MinIndex,
    ModifiedZScore,
    Percentile,
    PercentRank,
)

Values = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Values]]


@pytest.mark.parametrize("period", [5, 20])
def test_the_median_and_the_distances_from_it(period: int, bars: Bars) -> None:
    close = bars(71, 90)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, period)
    median = np.median(windows, axis=1)
    mad = np.median(np.abs(windows - median[:, None]), axis=1)
    found = Median(period).batch(close)
    assert np.allclose(found["value"][period - 1 :], median, rtol=1e-15)
    assert np.allclose(found["mad"][period - 1 :], mad, rtol=1e-10)
    score = ModifiedZScore(period).batch(close)["value"][period - 1 :]
    assert np.allclose(score, 0.6745 * (windows[:, -1] - median) / mad, rtol=1e-9)


def test_a_modified_score_without_median_distance() -> None:
    # Four of five are equal: the mean distance from the median stands in, (10 - 1) / 5 = 1.8.
    found = ModifiedZScore(5).batch(np.array([1.0, 1.0, 1.0, 1.0, 10.0]))
    assert found["mad"][-1] == 0.0
    assert found["value"][-1] == pytest.approx(9.0 / (1.253314 * 1.8), rel=1e-15)
    still = ModifiedZScore(3).batch(np.ones(5))
    assert np.isnan(still["value"]).all()
    assert still["median"][2:].tolist() == [1.0] * 3


def test_percentiles_are_values_of_the_window() -> None:
    x = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    for percentile, expected in ((0.0, 1.0), (20.0, 1.0), (21.0, 2.0), (50.0, 3.0), (100.0, 5.0)):
        assert Percentile(5, percentile).batch(x)["value"][-1] == expected
    assert PercentRank(4).batch(x)["value"][-1] == 75.0
    assert PercentRank(2).batch(np.ones(4))["value"][2:].tolist() == [0.0, 0.0]


def test_how_long_ago_the_extremes_were() -> None:
    x = np.array([5.0, 1.0, 2.0, 3.0, 0.0])
    found = MaxIndex(3).batch(x)
    assert found["value"][2:].tolist() == [2.0, 0.0, 1.0]
    assert found["index"][2:].tolist() == [0.0, 3.0, 3.0]
    assert MinIndex(3).batch(x)["index"][2:].tolist() == [1.0, 1.0, 4.0]
