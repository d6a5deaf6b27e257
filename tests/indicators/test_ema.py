from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.ema import Ema, ema

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _twin(x: list[float], period: int) -> list[float]:
    found = [np.nan] * (period - 1) + [sum(x[:period]) / period]
    for value in x[period:]:
        found.append(found[-1] + 2.0 / (period + 1) * (value - found[-1]))
    return found


@pytest.mark.parametrize("period", [1, 2, 10])
def test_it_equals_its_definition(period: int, bars: Bars) -> None:
    close = bars(11, 100)["close"]
    assert np.allclose(
        ema(close, period), _twin(close.tolist(), period), rtol=1e-13, equal_nan=True
    )


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    close = bars(12, 500)["close"]
    assert np.allclose(ema(close, 20), talib.EMA(close, 20), rtol=1e-12, equal_nan=True)


def test_degenerate_inputs() -> None:
    assert ema(np.full(6, 7.0), 3)[2:].tolist() == [7.0] * 4
    assert np.all(np.isnan(ema(np.array([1.0, 2.0]), 3)))
    assert len(ema(np.array([]), 3)) == 0


def test_a_bad_period_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="found 0"):
        Ema(0)
