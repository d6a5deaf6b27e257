from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.rsi import rsi

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _twin(close: list[float], n: int) -> list[float]:
    changes = [b - a for a, b in pairwise(close)]
    gain = sum(max(x, 0.0) for x in changes[:n]) / n
    loss = sum(max(-x, 0.0) for x in changes[:n]) / n
    found = [np.nan] * n + [100.0 * gain / (gain + loss)]
    for x in changes[n:]:
        gain = (gain * (n - 1) + max(x, 0.0)) / n
        loss = (loss * (n - 1) + max(-x, 0.0)) / n
        found.append(100.0 * gain / (gain + loss))
    return found


@pytest.mark.parametrize("period", [2, 7, 14])
def test_it_equals_wilders_definition(period: int, bars: Bars) -> None:
    close = bars(51, 300)["close"]
    expected = _twin(close.tolist(), period)
    assert np.allclose(rsi(close, period), expected, rtol=1e-12, equal_nan=True)


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    close = bars(52, 500)["close"]
    assert np.allclose(rsi(close), talib.RSI(close, 14), rtol=1e-10, equal_nan=True)


def test_degenerate_inputs() -> None:
    assert rsi(np.arange(1.0, 8.0), 3)[3:].tolist() == [100.0] * 4
    assert rsi(np.arange(8.0, 1.0, -1.0), 3)[3:].tolist() == [0.0] * 4
    assert rsi(np.full(6, 2.0), 3)[3:].tolist() == [50.0] * 3
    assert np.all(np.isnan(rsi(np.array([1.0, 2.0]), 3)))


def test_it_is_mirrored_with_the_price(bars: Bars) -> None:
    close = bars(53, 100)["close"]
    assert np.allclose(rsi(-close), 100.0 - rsi(close), rtol=1e-12, equal_nan=True)
