from collections.abc import Callable
from math import log10, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.indicators.plain_windows import (
    ema,
    highest,
    lowest,
    mean,
    same,
    shifted,
    total,
    true_range,
)

from undertow.domain.errors import ConfigurationError
from undertow.indicators.oscillators import Macd
from undertow.indicators.trend import (
    Adx,
    Aroon,
    Choppiness,
    DirectionalMovement,
    Dx,
    Fractal,
    Impulse,
    MassIndex,
    RandomWalk,
    TrendIntensity,
    Vortex,
    adx,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def _hlc(columns: dict[str, Column]) -> tuple[Column, Column, Column]:
    return columns["high"], columns["low"], columns["close"]


def _moves(b: dict[str, Column]) -> list[tuple[float, float, float]]:
    found = []
    for i in range(1, len(b["close"])):
        up = b["high"][i] - b["high"][i - 1]
        down = b["low"][i - 1] - b["low"][i]
        span = max(b["high"][i], b["close"][i - 1]) - min(b["low"][i], b["close"][i - 1])
        found.append((max(up, 0.0) * (up > down), max(down, 0.0) * (down > up), span))
    return found


def _twin(b: dict[str, Column], n: int) -> list[float]:
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
    assert same(adx(*_hlc(b), period), np.array(_twin(b, period)), 1e-11)


def test_the_quick_sweep_gives_the_bits_of_updates(bars: Bars) -> None:
    b = bars(72, 300)
    one, found = Adx(5), Adx(5).batch(*_hlc(b))
    rows = zip(*(column.tolist() for column in _hlc(b)), strict=True)
    streamed = [(one.update(*row), one.value("plus_di"), one.value("minus_di")) for row in rows]
    for column, key in zip(np.array(streamed).T, Adx.outputs, strict=True):
        assert np.ascontiguousarray(column).tobytes() == found[key].tobytes()


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
    assert Dx(3).batch(flat, flat, flat)["value"][3:].tolist() == [0.0] * 9
    assert Vortex(3).batch(flat, flat, flat)["value"][3:].tolist() == [0.0] * 9
    assert MassIndex(2, 4).batch(flat, flat)["value"][5:].tolist() == [4.0] * 7
    assert np.all(np.isnan(Choppiness(3).batch(flat, flat, flat)["value"]))
    assert np.all(np.isnan(RandomWalk(3).batch(flat, flat, flat)["value"]))
    assert np.all(np.isnan(TrendIntensity(3, 2).batch(flat)["value"]))


def test_a_period_of_one_has_no_average_index_but_movement() -> None:
    with pytest.raises(ConfigurationError):
        Adx(1)
    high, low = np.array([3.0, 5.0, 4.0]), np.array([1.0, 2.0, 0.5])
    found = DirectionalMovement(1).batch(high, low)
    assert found["value"][1:].tolist() == [2.0, 0.0]
    assert found["minus_dm"][1:].tolist() == [0.0, 1.5]


def test_aroon_tells_how_long_ago() -> None:
    high = np.array([1.0, 5.0, 4.0, 5.0, 2.0, 2.0, 2.0, 2.0])
    found = Aroon(4).batch(high, high - 1.0)
    assert found["up"][4:].tolist() == [75.0, 50.0, 25.0, 0.0]
    assert found["down"][4:].tolist() == [0.0, 100.0, 100.0, 100.0]
    assert found["value"][4:].tolist() == [75.0, -50.0, -75.0, -100.0]


def test_a_swing_is_told_when_it_is_confirmed_and_ties_are_none() -> None:
    high = np.array([1.0, 2.0, 3.0, 2.0, 1.0, 3.0, 3.0, 1.0, 0.5])
    found = Fractal(2, 1).batch(high, high - 0.5)
    assert found["value"][3:].tolist() == [100.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert found["low"][3:].tolist() == [0.0, 0.0, 100.0, 0.0, 0.0, 0.0]


def test_choppiness_is_path_over_range(bars: Bars) -> None:
    high, low, close = _hlc(bars(73, 150))
    span = highest(high, 14) - lowest(low, 14)
    path = total(true_range(high, low, close), 14)
    expected = np.array([100.0 * log10(x) / log10(14.0) for x in path / span])
    assert same(Choppiness(14).batch(high, low, close)["value"], expected)


def test_random_walk_index_takes_the_largest_of_all_lags(bars: Bars) -> None:
    high, low, close = _hlc(bars(74, 120))
    spans = true_range(high, low, close)
    lags = range(2, 9)
    usual = {k: mean(spans, k) * sqrt(k) for k in lags}
    rise = np.max([(high - shifted(low, k)) / usual[k] for k in lags], axis=0)
    fall = np.max([(shifted(high, k) - low) / usual[k] for k in lags], axis=0)
    found = RandomWalk(8).batch(high, low, close)
    assert same(found["value"], rise)
    assert same(found["fall"], fall)


def test_trend_intensity_is_the_share_of_deviations_above(bars: Bars) -> None:
    close = bars(75, 200)["close"]
    deviation = close - mean(close, 20)
    above, below = total(np.maximum(deviation, 0.0), 10), total(np.maximum(-deviation, 0.0), 10)
    found = TrendIntensity(20, 10).batch(close)["value"]
    assert same(found[28:], (100.0 * above / (above + below))[28:], 1e-8)


def test_the_impulse_is_where_average_and_histogram_agree(bars: Bars) -> None:
    close = bars(76, 250)["close"]
    average, gap = ema(close, 13), Macd().batch(close)["histogram"]
    signs = np.sign(average - shifted(average, 1)), np.sign(gap - shifted(gap, 1))
    expected = np.where(signs[0] == signs[1], signs[0], 0.0)[34:]
    found = Impulse().batch(close)["value"]
    assert np.all(np.isnan(found[:34]))
    assert np.array_equal(found[34:], expected)
    assert set(found[34:]) == {-1.0, 0.0, 1.0}
