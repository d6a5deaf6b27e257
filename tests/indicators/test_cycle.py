"""Cycle indicators on waves of known period, and Ehlers's filters beside their recursions."""

from collections.abc import Callable
from math import cos, exp, pi, sin, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.indicators import cycle

Column = NDArray[np.float64]
Bars = Callable[[int, int], dict[str, Column]]


def wave(period: float, count: int = 400) -> Column:
    found: Column = 100.0 + np.sin(2.0 * np.pi * np.arange(count) / period)
    return found


@pytest.fixture
def close(bars: Bars) -> Column:
    return bars(21, 300)["close"]


def test_a_cycle_is_measured_and_told_from_a_trend() -> None:
    period = cycle.DominantCyclePeriod().batch(wave(20.0))["value"]
    assert np.abs(period[200:] - 20.0).max() < 0.5
    assert cycle.TrendMode().batch(wave(20.0))["value"][200:].max() == 0.0
    rise: Column = np.array([100.0 * 1.01**k for k in range(400)])
    assert cycle.TrendMode().batch(rise)["value"][200:].min() == 1.0


def test_the_phase_goes_round_once_a_cycle() -> None:
    phase = cycle.DominantCyclePhase().batch(wave(20.0))["value"][200:]
    turned = np.diff(phase) % 360.0
    assert turned.mean() == pytest.approx(18.0, abs=0.5)
    sine = cycle.HilbertSine().batch(wave(20.0))
    told = np.sin(np.radians(phase))
    assert np.allclose(sine["value"][200:], told, atol=1e-12)
    assert np.allclose(sine["lead"][200:], np.sin(np.radians(phase + 45.0)), atol=1e-12)


def test_a_price_that_never_moves_has_no_phase_but_a_trendline() -> None:
    still = np.full(120, 7.3)
    for kind in (cycle.DominantCyclePhase, cycle.HilbertSine, cycle.TrendMode):
        assert np.isnan(kind().batch(still)["value"]).all()
    line = cycle.HilbertTrendline().batch(still)["value"]
    assert line[63:] == pytest.approx(np.full(57, 7.3), rel=1e-14)
    assert np.isnan(cycle.LaguerreRsi().batch(still)["value"]).all()
    assert np.isnan(cycle.EvenBetterSinewave().batch(still)["value"]).all()


def test_the_roof_is_a_high_pass_and_a_smoother(close: Column) -> None:
    angle = sqrt(0.5) * 2.0 * pi / 48.0
    alpha = (cos(angle) + sin(angle) - 1.0) / cos(angle)
    a = exp(-sqrt(2.0) * pi / 10.0)
    b, c = 2.0 * a * cos(sqrt(2.0) * pi / 10.0), -a * a
    high, out = [0.0, 0.0], [0.0, 0.0]
    for i in range(2, 300):
        bend = close[i] - 2.0 * close[i - 1] + close[i - 2]
        left = 1.0 - alpha
        high.append((1 - alpha / 2) ** 2 * bend + 2 * left * high[-1] - left**2 * high[-2])
        out.append((1 - b - c) * (high[-1] + high[-2]) / 2 + b * out[-1] + c * out[-2])
    found = cycle.RoofingFilter().batch(close)["value"]
    assert np.allclose(found[47:], out[47:], atol=1e-10)


def test_the_decycler_leaves_the_trend(close: Column) -> None:
    angle = 2.0 * pi / 60.0
    alpha = (cos(angle) + sin(angle) - 1.0) / cos(angle)
    out = [close[0]]
    for i in range(1, 300):
        out.append(alpha / 2.0 * (close[i] + close[i - 1]) + (1.0 - alpha) * out[-1])
    found = cycle.Decycler().batch(close)["value"]
    assert np.allclose(found[59:], out[59:], rtol=1e-12)


def test_the_decycler_oscillator_tells_the_direction() -> None:
    rise = 100.0 + 0.1 * np.arange(400) + 1e-3 * np.arange(400) ** 2
    found = cycle.DecyclerOscillator().batch(rise)["value"]
    assert found[200:].min() > 0.0
    assert cycle.DecyclerOscillator().batch(-rise)["value"][200:].max() < 0.0


def test_the_cyber_cycle_is_its_recursion(close: Column) -> None:
    alpha, smooth, out = 0.07, [], list[float]()
    for i in range(300):
        x = [close[i - k] if i >= k else 0.0 for k in range(4)]
        smooth.append((x[0] + 2 * x[1] + 2 * x[2] + x[3]) / 6.0)
        if i < 6:
            out.append((x[0] - 2 * x[1] + x[2]) / 4.0 if i >= 2 else 0.0)
            continue
        bend = smooth[-1] - 2 * smooth[-2] + smooth[-3]
        value = (1 - alpha / 2) ** 2 * bend + 2 * (1 - alpha) * out[-1] - (1 - alpha) ** 2 * out[-2]
        out.append(value)
    found = cycle.CyberCycle().batch(close)
    assert np.allclose(found["value"][6:], out[6:], atol=1e-10)
    assert np.allclose(found["trigger"][6:], out[5:-1], atol=1e-10)


def test_the_instantaneous_trendline_is_its_recursion(close: Column) -> None:
    a, out = 0.07, list[float]()
    for i in range(300):
        if i < 2:
            out.append(close[i])
        elif i < 6:
            out.append((close[i] + 2 * close[i - 1] + close[i - 2]) / 4.0)
        else:
            value = (a - a * a / 4) * close[i] + a * a / 2 * close[i - 1]
            value -= (a - 0.75 * a * a) * close[i - 2]
            out.append(value + 2 * (1 - a) * out[-1] - (1 - a) ** 2 * out[-2])
    found = cycle.InstantaneousTrendline().batch(close)
    assert np.allclose(found["value"][6:], out[6:], rtol=1e-12)
    assert np.allclose(
        found["trigger"][6:], 2 * np.array(out[6:]) - np.array(out[4:-2]), rtol=1e-12
    )


def test_laguerre_elements_follow_each_other(close: Column) -> None:
    gamma = 0.6
    rows = [[close[0]] * 4]
    for x in close[1:]:
        past, now = rows[-1], [(1 - gamma) * x + gamma * rows[-1][0]]
        for k in range(1, 4):
            now.append(-gamma * now[k - 1] + past[k - 1] + gamma * past[k])
        rows.append(now)
    elements = np.array(rows)
    line = elements @ np.array([1.0, 2.0, 2.0, 1.0]) / 6.0
    found = cycle.LaguerreFilter(gamma).batch(close)["value"]
    assert np.allclose(found[3:], line[3:], rtol=1e-12)
    steps = elements[:, :-1] - elements[:, 1:]
    strength = np.maximum(steps, 0.0)[3:].sum(axis=1) / np.abs(steps)[3:].sum(axis=1)
    found = cycle.LaguerreRsi(gamma).batch(close)["value"]
    assert np.allclose(found[3:], strength, atol=1e-10)


def test_the_sinewave_is_bounded_and_follows_a_wave(close: Column) -> None:
    found = cycle.EvenBetterSinewave().batch(close)["value"]
    assert np.abs(found[39:]).max() <= 1.0 + 1e-12
    rise = 100.0 + np.arange(200.0)
    assert cycle.EvenBetterSinewave().batch(rise)["value"][100:].min() > 0.99


def test_a_super_smoother_speaks_from_its_period_on(close: Column) -> None:
    found = cycle.SuperSmoother(25).batch(close)["value"]
    assert np.isnan(found[:24]).all()
    assert found[24:].std() < close[24:].std()


def test_filters_refuse_what_they_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="at least 5"):
        cycle.Decycler(4)
    with pytest.raises(ConfigurationError, match="at most 1"):
        cycle.CyberCycle(1.5)


def test_an_adaptive_average_follows_a_jump_faster_than_its_follower() -> None:
    step = np.concatenate([np.full(100, 100.0), np.full(100, 110.0)])
    found = cycle.Mama().batch(step)
    after = slice(101, 120)
    assert (found["value"][after] > found["follower"][after]).all()
    assert found["value"][-1] == pytest.approx(110.0, abs=0.2)
    with pytest.raises(ConfigurationError, match="slow of at most fast"):
        cycle.Mama(0.1, 0.2)


@pytest.mark.parametrize("is_reflex", [True, False])
def test_flexes_are_their_definitions(close: Column, is_reflex: bool) -> None:
    n = 12
    a = exp(-sqrt(2.0) * pi / (0.5 * n))
    b, c = 2.0 * a * cos(sqrt(2.0) * pi / (0.5 * n)), -a * a
    filtered, power, expected = [close[0]], 0.0, list[float]()
    for i in range(1, 300):
        older = filtered[i - 2] if i > 1 else close[0]
        middle = (close[i] + close[i - 1]) / 2.0
        filtered.append((1.0 - b - c) * middle + b * filtered[-1] + c * older)
        if i < n:
            continue
        slope = (filtered[i - n] - filtered[i]) / n if is_reflex else 0.0
        gaps = [filtered[i] + k * slope - filtered[i - k] for k in range(1, n + 1)]
        mean = sum(gaps) / n
        power = mean**2 if power == 0.0 else 0.04 * mean**2 + 0.96 * power
        expected.append(mean / sqrt(power))
    kind = cycle.Reflex if is_reflex else cycle.Trendflex
    found = kind(n).batch(close)["value"]
    assert np.isnan(found[:n]).all()
    assert np.allclose(found[n:], expected, atol=1e-7)


def test_a_trendflex_stays_up_in_a_rise_and_a_reflex_does_not() -> None:
    rise = 100.0 + np.arange(300.0) + np.sin(np.arange(300) / 3.0)
    assert cycle.Trendflex().batch(rise)["value"][100:].min() > 0.5
    assert cycle.Reflex().batch(rise)["value"][100:].min() < -0.5
    for kind in (cycle.Reflex, cycle.Trendflex):
        assert np.isnan(kind().batch(np.full(60, 101.23))["value"]).all()
