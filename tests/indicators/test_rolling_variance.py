from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.rolling_variance import RollingVariance, rolling_variance

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


@pytest.mark.parametrize(("period", "ddof"), [(2, 0), (2, 1), (7, 0), (20, 1)])
def test_it_equals_the_two_pass_variance(period: int, ddof: int, bars: Bars) -> None:
    close = bars(21, 200)["close"]
    windows = np.lib.stride_tricks.sliding_window_view(close, period)
    found = RollingVariance(period, ddof).batch(close)
    assert np.allclose(found["value"][period - 1 :], windows.var(axis=1, ddof=ddof), rtol=1e-11)
    assert np.allclose(found["mean"][period - 1 :], windows.mean(axis=1), rtol=1e-14)


def test_it_is_stable_far_from_zero() -> None:
    x = 1e9 + np.tile([0.0, 1.0], 500)
    assert np.all(np.abs(rolling_variance(x, 20)[19:] - 0.25) < 1e-8)


def test_a_constant_window_is_exactly_zero_even_after_an_outlier() -> None:
    x = np.array([0.1] * 5 + [1e12] + [0.1] * 12)
    assert rolling_variance(x, 5)[-8:].tolist() == [0.0] * 8
    assert np.all(rolling_variance(np.full(9, 0.1), 4)[3:] == 0.0)


def test_it_is_never_negative() -> None:
    rng = np.random.default_rng(22)
    x = np.where(rng.random(2_000) < 0.01, 1e15, 1.0) + rng.random(2_000)
    assert np.nanmin(rolling_variance(x, 10)) >= 0.0


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(ConfigurationError):
        RollingVariance(1)
    with pytest.raises(ConfigurationError):
        RollingVariance(3, ddof=3)
