from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from undertow.indicators.vwap import Vwap, vwap

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _twin(b: dict[str, NDArray[np.float64]], first: int, last: int) -> tuple[float, float]:
    typical = ((b["high"] + b["low"] + b["close"]) / 3.0)[first:last]
    volume = b["volume"][first:last]
    mean = float(np.sum(typical * volume) / np.sum(volume))
    return mean, float(np.sqrt(np.sum(volume * (typical - mean) ** 2) / np.sum(volume)))


def test_anchored_is_the_definition_at_every_bar(bars: Bars) -> None:
    b = bars(81, 60)
    found = Vwap().batch(b["high"], b["low"], b["close"], b["volume"])
    for i in range(1, 60):
        mean, sigma = _twin(b, 0, i + 1)
        assert np.isclose(found["value"][i], mean, rtol=1e-13)
        assert np.isclose(found["sigma"][i], sigma, rtol=1e-9)


def test_rolling_is_the_definition_over_the_window(bars: Bars) -> None:
    b = bars(82, 60)
    found = Vwap(7).batch(b["high"], b["low"], b["close"], b["volume"])
    for i in range(6, 60):
        mean, sigma = _twin(b, i - 6, i + 1)
        assert np.isclose(found["value"][i], mean, rtol=1e-13)
        assert np.isclose(found["sigma"][i], sigma, rtol=1e-9)


def test_without_volume_there_is_no_vwap() -> None:
    x, none = np.full(4, 5.0), np.zeros(4)
    assert np.all(np.isnan(vwap(x, x, x, none)))
    volume = np.array([0.0, 3.0, 0.0, 0.0])
    assert vwap(x, x, x, volume)[1:].tolist() == [5.0] * 3
    rolling = vwap(x, x, x, volume, period=2)
    assert rolling[1:3].tolist() == [5.0, 5.0]
    assert np.isnan(rolling[3])


def test_one_price_has_no_deviation() -> None:
    x, volume = np.full(9, 0.1), np.arange(1.0, 10.0)
    found = Vwap(3).batch(x, x, x, volume)
    assert found["sigma"][2:].tolist() == [0.0] * 7
