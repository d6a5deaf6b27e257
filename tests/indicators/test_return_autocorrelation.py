from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.return_autocorrelation import (
    ReturnAutocorrelation,
    return_autocorrelation,
)

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


@pytest.mark.parametrize("lag", [1, 3])
def test_it_equals_its_definition(lag: int, bars: Bars) -> None:
    close = bars(111, 120)["close"]
    found = ReturnAutocorrelation(40, lag).batch(close)
    for i in range(39, 120):
        x = np.diff(np.log(close[i - 39 : i + 1]))
        d = x - x.mean()
        r = float(np.sum(d[lag:] * d[:-lag]) / np.sum(d * d))
        robust = np.sum(d[lag:] ** 2 * d[:-lag] ** 2) / np.sum(d * d) ** 2
        error = np.sqrt(max((39 - lag) / (39 * 41), robust))
        assert np.isclose(found["value"][i], r, rtol=1e-9, atol=1e-12)
        assert np.isclose(found["standard_error"][i], error)
        assert np.isclose(found["z_score"][i], (r + (39 - lag) / (39 * 38)) / error, atol=1e-9)


def test_independent_returns_are_insignificant_as_often_as_they_should(bars: Bars) -> None:
    z = ReturnAutocorrelation().batch(bars(112, 20_000)["close"])["z_score"][59::60]
    assert abs(np.mean(z)) < 0.15
    assert 0.02 < np.mean(np.abs(z) > 1.96) < 0.08


def test_the_sign_tells_going_on_from_reversing() -> None:
    zigzag = np.where(np.arange(80) % 2, 101.0, 100.0)
    assert return_autocorrelation(zigzag)[-1] < -0.9
    waves = 100.0 + np.sin(np.arange(80) / 5.0)
    assert return_autocorrelation(waves)[-1] > 0.9


@pytest.mark.parametrize("close", [np.full(80, 5.0), 2.0 ** (np.arange(80) / 8), np.zeros(80)])
def test_flat_straight_and_impossible_prices_are_undefined(close: NDArray[np.float64]) -> None:
    assert np.all(np.isnan(return_autocorrelation(close)))


def test_a_window_too_short_for_its_lag_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="window"):
        ReturnAutocorrelation(10, lag=7)
