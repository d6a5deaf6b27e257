from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.averages import Ema, Sma

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _ema(x: list[float], period: int) -> list[float]:
    found = [np.nan] * (period - 1) + [sum(x[:period]) / period]
    for value in x[period:]:
        found.append(found[-1] + 2.0 / (period + 1) * (value - found[-1]))
    return found


@pytest.mark.parametrize("period", [1, 2, 10])
def test_an_ema_equals_its_definition(period: int, bars: Bars) -> None:
    close = bars(11, 100)["close"]
    found = Ema(period).batch(close)["value"]
    assert np.allclose(found, _ema(close.tolist(), period), rtol=1e-13, equal_nan=True)


@pytest.mark.parametrize("period", [1, 2, 10])
def test_an_sma_equals_its_definition(period: int, bars: Bars) -> None:
    close = bars(11, 100)["close"]
    found = Sma(period).batch(close)["value"]
    expected = np.convolve(close, np.ones(period) / period, "valid")
    assert np.all(np.isnan(found[: period - 1]))
    assert np.allclose(found[period - 1 :], expected, rtol=1e-13)


def test_an_average_of_a_constant_is_the_constant() -> None:
    assert Ema(7).batch(np.full(60, 0.1))["value"][6:].tolist() == pytest.approx(
        [0.1] * 54, rel=1e-15
    )
    assert len(Ema(3).batch(np.array([]))["value"]) == 0
    assert np.all(np.isnan(Sma(3).batch(np.array([1.0, 2.0]))["value"]))


def test_an_sma_forgets_an_outlier() -> None:
    x = np.concatenate([np.ones(5), [1e17], np.ones(12)])
    assert Sma(3).batch(x)["value"][-3:].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", [Ema, Sma])
def test_a_bad_period_is_refused(kind: type[Ema]) -> None:
    with pytest.raises(ConfigurationError, match="found 0"):
        kind(0)
