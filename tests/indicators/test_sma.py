from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.indicators.sma import Sma, sma

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    values=st.lists(st.integers(-(10**9), 10**9).map(float), max_size=40), period=st.integers(1, 9)
)
def test_it_is_the_mean_of_the_window(values: list[float], period: int) -> None:
    x = np.array(values)
    for i, found in enumerate(sma(x, period)):
        if i < period - 1:
            assert np.isnan(found)
        else:
            assert found == sum(values[i - period + 1 : i + 1]) / period


def test_an_outlier_leaves_no_residue() -> None:
    x = np.array([1.0] * 10 + [1e17] + [1.0] * 10)
    assert sma(x, 5)[-6:].tolist() == [1.0] * 6


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    close = bars(13, 500)["close"]
    assert np.allclose(sma(close, 20), talib.SMA(close, 20), rtol=1e-12, equal_nan=True)


def test_two_bars() -> None:
    indicator = Sma(3)
    assert np.isnan(indicator.update(1.0))
    assert np.isnan(indicator.update(2.0))
    assert indicator.update(3.0) == 2.0
