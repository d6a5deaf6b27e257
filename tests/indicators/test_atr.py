from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.atr import Atr, atr

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _twin(high: list[float], low: list[float], close: list[float], n: int) -> list[float]:
    spans = [
        max(top - bottom, abs(top - last), abs(bottom - last))
        for top, bottom, last in zip(high[1:], low[1:], close, strict=False)
    ]
    found = [np.nan] * n + [sum(spans[:n]) / n]
    for x in spans[n:]:
        found.append((found[-1] * (n - 1) + x) / n)
    return found


@pytest.mark.parametrize("period", [1, 3, 14])
def test_it_equals_wilders_definition(period: int, bars: Bars) -> None:
    b = bars(61, 200)
    found = atr(b["high"], b["low"], b["close"], period)
    expected = _twin(b["high"].tolist(), b["low"].tolist(), b["close"].tolist(), period)
    assert np.allclose(found, expected, rtol=1e-12, equal_nan=True)


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    b = bars(62, 500)
    theirs = talib.ATR(b["high"], b["low"], b["close"], 14)
    assert np.allclose(atr(b["high"], b["low"], b["close"]), theirs, rtol=1e-11, equal_nan=True)


def test_it_needs_one_bar_more_than_its_period() -> None:
    indicator = Atr(2)
    found = [indicator.update(h, h - 2.0, h - 1.0) for h in (10.0, 11.0, 12.0)]
    assert np.isnan(found[:2]).all()
    assert found[2] == 2.0


def test_no_range_is_a_range_of_zero_only_after_the_warmup() -> None:
    flat = np.full(6, 5.0)
    assert atr(flat, flat, flat, 3)[3:].tolist() == [0.0] * 3
    assert np.isnan(atr(flat, flat, flat, 3)[:3]).all()
