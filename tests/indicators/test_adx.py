from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators.adx import Adx, adx

Bars = Callable[[int, int], dict[str, NDArray[np.float64]]]


def _moves(b: dict[str, NDArray[np.float64]]) -> list[tuple[float, float, float]]:
    found = []
    for i in range(1, len(b["close"])):
        up = b["high"][i] - b["high"][i - 1]
        down = b["low"][i - 1] - b["low"][i]
        span = max(b["high"][i], b["close"][i - 1]) - min(b["low"][i], b["close"][i - 1])
        found.append((max(up, 0.0) * (up > down), max(down, 0.0) * (down > up), span))
    return found


def _twin(b: dict[str, NDArray[np.float64]], n: int) -> list[float]:
    moves = _moves(b)
    sums = [sum(column) for column in zip(*moves[: n - 1], strict=True)]
    found, indexes = [np.nan] * (2 * n - 1), []
    for move in moves[n - 1 :]:
        sums = [s - s / n + x for s, x in zip(sums, move, strict=True)]
        plus, minus = sums[0] / sums[2], sums[1] / sums[2]
        indexes.append(100.0 * abs(plus - minus) / (plus + minus))
        if len(indexes) == n:
            found.append(sum(indexes) / n)
        elif len(indexes) > n:
            found.append((found[-1] * (n - 1) + indexes[-1]) / n)
    return found


@pytest.mark.parametrize("period", [2, 5, 14])
def test_it_equals_the_talib_convention_written_out(period: int, bars: Bars) -> None:
    b = bars(71, 200)
    found = adx(b["high"], b["low"], b["close"], period)
    assert np.allclose(found, _twin(b, period), rtol=1e-11, equal_nan=True)


def test_it_equals_talib(bars: Bars) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    b = bars(72, 500)
    inputs = (b["high"], b["low"], b["close"])
    found = Adx().batch(*inputs)
    for key, theirs in (
        ("value", talib.ADX),
        ("plus_di", talib.PLUS_DI),
        ("minus_di", talib.MINUS_DI),
    ):
        assert np.allclose(found[key], theirs(*inputs, 14), rtol=1e-11, equal_nan=True)


def test_a_straight_trend_is_a_hundred_and_the_mirror_swaps_the_directions() -> None:
    close = np.arange(10.0, 40.0)
    rising = Adx(5).batch(close + 1.0, close - 1.0, close)
    falling = Adx(5).batch(1.0 - close, -1.0 - close, -close)
    assert np.allclose(rising["value"][9:], 100.0)
    assert rising["plus_di"].tobytes() == falling["minus_di"].tobytes()
    assert rising["value"].tobytes() == falling["value"].tobytes()


def test_no_range_is_no_trend() -> None:
    flat = np.full(12, 5.0)
    found = Adx(3).batch(flat, flat, flat)
    assert found["value"][5:].tolist() == [0.0] * 7
    assert np.isnan(found["value"][:5]).all()


def test_a_period_of_one_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        Adx(1)
