from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.indicators.plain_windows import ema, highest, lowest, mean, same

from undertow.indicators.momentum import Rsi
from undertow.indicators.stochastics import (
    Cci,
    Fisher,
    Kdj,
    SchaffTrendCycle,
    Stoch,
    StochRsi,
    Ultimate,
    WilliamsR,
)

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def test_stochastic_rsi_in_its_usual_form(bars: Bars) -> None:
    close = bars(91, 200)["close"]
    strength = Rsi(14).batch(close)["value"]
    low, high = lowest(strength, 14), highest(strength, 14)
    line = mean(100.0 * (strength - low) / (high - low), 3)
    found = StochRsi().batch(close)
    assert same(found["value"][31:], line[31:], 1e-9)
    assert same(found["signal"], mean(line, 3), 1e-9)


def test_j_is_three_times_k_less_twice_d(bars: Bars) -> None:
    b = bars(92, 100)
    found = Kdj().batch(b["high"], b["low"], b["close"])
    assert same(found["j"], 3.0 * found["value"] - 2.0 * found["signal"])
    assert found["j"][12:].min() < 0.0 or found["j"][12:].max() > 100.0


def test_a_price_that_stands_still_has_a_stated_place() -> None:
    flat = np.full(40, 8.5)
    three = (flat, flat, flat)
    assert Stoch(3, 1, 1).batch(*three)["value"][2:].tolist() == [0.0] * 38
    assert WilliamsR(3).batch(*three)["value"][2:].tolist() == [0.0] * 38
    assert Cci(3).batch(*three)["value"][2:].tolist() == [0.0] * 38
    assert Ultimate(2, 3, 4).batch(*three)["value"][4:].tolist() == [0.0] * 36
    assert StochRsi(3, 3, 1, 1).batch(flat)["value"][5:].tolist() == [0.0] * 35


def test_strength_that_moves_by_rounding_alone_has_no_place() -> None:
    close = np.concatenate([np.cumsum(np.tile([1.0, -0.7, 0.3], 10)), np.full(40, 7.3)])
    found = StochRsi(14, 5, 1, 1).batch(close)["value"]
    assert found[40:].tolist() == [0.0] * 30


def _fisher(middle: Column, n: int) -> tuple[list[float], list[float]]:
    low, high = lowest(middle, n), highest(middle, n)
    smooth = value = 0.0
    values, before = [np.nan] * (n - 1), [np.nan] * (n - 1)
    for i in range(n - 1, len(middle)):
        place = (middle[i] - low[i]) / (high[i] - low[i]) - 0.5
        smooth = float(np.clip(0.66 * place + 0.67 * smooth, -0.999, 0.999))
        before.append(value)
        value = float(np.arctanh(smooth)) + 0.5 * value
        values.append(value)
    values[n - 1] = before[n - 1] = np.nan
    return values, before


def test_fisher_stretches_the_place_of_the_midpoint(bars: Bars) -> None:
    b = bars(93, 150)
    found = Fisher(9).batch(b["high"], b["low"])
    values, before = _fisher((b["high"] + b["low"]) / 2.0, 9)
    assert same(found["value"], np.array(values), 1e-9)
    assert same(found["signal"], np.array(before), 1e-9)


def test_fisher_without_a_range_returns_to_the_middle() -> None:
    flat = np.full(30, 2.5)
    assert Fisher(5).batch(flat, flat)["value"][5:].tolist() == [0.0] * 25


def _cycle(x: Column, n: int) -> Column:
    low, high = lowest(x, n), highest(x, n)
    found = np.full(len(x), np.nan)
    place, average = 0.0, np.nan
    for i in np.flatnonzero(np.isfinite(high)):
        if high[i] > low[i]:
            place = 100.0 * (x[i] - low[i]) / (high[i] - low[i])
        average = place if np.isnan(average) else average + 0.5 * (place - average)
        found[i] = average
    return found


@pytest.mark.parametrize("n", [5, 10])
def test_schaff_is_a_stochastic_of_a_stochastic(n: int, bars: Bars) -> None:
    close = bars(94, 250)["close"]
    found = SchaffTrendCycle(23, 50, n).batch(close)["value"]
    expected = _cycle(_cycle(ema(close, 23) - ema(close, 50), n), n)
    assert same(found, expected, 1e-7, 1e-7)
    assert np.all((found[2 * n + 47 :] >= 0.0) & (found[2 * n + 47 :] <= 100.0))
