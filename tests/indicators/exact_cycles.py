"""Ehlers's dominant cycle with fifty decimal digits, as published, with TA-Lib's numbers.

J. Ehlers, Rocket Science for Traders (2001). What rounding leaves in doubles is exactly 0 here, or
less than `NOTHING`, so that a phase of nothing is seen to be none.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import cache
from math import atan

import msgspec
import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

DIGITS = 50
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
NOTHING = Decimal("1e-35")
_SMALL, _LARGE, _FIFTH, _REST = (Decimal(text) for text in ("0.0962", "0.5769", "0.2", "0.8"))
_GAIN, _LEAST_GAIN = Decimal("0.075"), Decimal("0.54")


class CycleBar(msgspec.Struct, frozen=True):
    """What is known of a bar: its smoothed price, the phasor, the smoothed period."""

    smoothed: Decimal
    in_phase: Decimal
    quadrature: Decimal
    period: Decimal


def sine_and_cosine(angle: Decimal) -> tuple[Decimal, Decimal]:
    """By their series, after the angle has been brought near to 0."""
    angle -= 2 * PI * (angle / (2 * PI)).to_integral_value()
    term = cosine = Decimal(1)
    sine = Decimal(0)
    k = 0
    while abs(term) > Decimal(10) ** -DIGITS or k < 2:
        k += 1
        term *= angle / k
        if k % 2:
            sine += term if k % 4 == 1 else -term
        else:
            cosine += term if k % 4 == 0 else -term
    return sine, cosine


def arc_tangent(x: Decimal) -> Decimal:
    """From the double nearest to it, twice improved by the difference of the angles."""
    found = Decimal(atan(float(x)))
    for _ in range(2):
        sine, cosine = sine_and_cosine(found)
        found += (x * cosine - sine) / (cosine + x * sine)
    return found


@cache
def _turns(length: int) -> list[tuple[Decimal, Decimal]]:
    return [sine_and_cosine(2 * PI * k / length) for k in range(length)]


def _turned(series: Sequence[Decimal], gain: Decimal) -> Decimal:
    # By 90 degrees, the newest last; zeros before the first.
    near, mid, far, old = (
        series[-1 - back] if len(series) > back else Decimal(0) for back in (0, 2, 4, 6)
    )
    return (_SMALL * near + _LARGE * mid - _LARGE * far - _SMALL * old) * gain


def _smoothed(x: Sequence[Decimal]) -> list[Decimal]:
    before = [Decimal(0)] * 3 + list(x)
    return [
        (4 * before[k + 3] + 3 * before[k + 2] + 2 * before[k + 1] + before[k]) / 10
        for k in range(len(x))
    ]


def cycle_bars(x: Sequence[Decimal], start: int) -> dict[int, CycleBar]:
    """The bars from `start` on, where the transformer begins out of zeros."""
    smoothed = _smoothed(x)
    detrended, in_phases, quadratures = list[Decimal](), list[Decimal](), list[Decimal]()
    i2 = q2 = re = im = period = smooth_period = Decimal(0)
    found = {}
    for k in range(start, len(x)):
        gain = _GAIN * period + _LEAST_GAIN
        detrended.append(_turned(smoothed[start : k + 1][-7:], gain))
        in_phases.append(detrended[-4] if len(detrended) > 3 else Decimal(0))
        quadratures.append(_turned(detrended[-7:], gain))
        last_i2, last_q2 = i2, q2
        i2 = _FIFTH * (in_phases[-1] - _turned(quadratures[-7:], gain)) + _REST * i2
        q2 = _FIFTH * (quadratures[-1] + _turned(in_phases[-7:], gain)) + _REST * q2
        re = _FIFTH * (i2 * last_i2 + q2 * last_q2) + _REST * re
        im = _FIFTH * (i2 * last_q2 - q2 * last_i2) + _REST * im
        before = period
        if re != 0 and im != 0:
            period = 2 * PI / arc_tangent(im / re)
        period = max(min(period, Decimal("1.5") * before), Decimal("0.67") * before)
        period = _FIFTH * max(min(period, Decimal(50)), Decimal(6)) + _REST * before
        smooth_period = Decimal("0.33") * period + Decimal("0.67") * smooth_period
        found[k] = CycleBar(smoothed[k], in_phases[-1], quadratures[-1], smooth_period)
    return found


def _phase(bars: dict[int, CycleBar], k: int) -> Decimal | None:
    # In degrees, -45 to 315; None where nothing swings.
    period = bars[k].period
    length = int(period + Decimal("0.5"))
    re = im = Decimal(0)
    for back, (sine, cosine) in enumerate(_turns(length)):
        value = bars[k - back].smoothed if k - back in bars else Decimal(0)
        re += sine * value
        im += cosine * value
    least = NOTHING * (1 + abs(bars[k].smoothed))
    if abs(re) < least and abs(im) < least:
        return None
    phase = arc_tangent(re / im) * 180 / PI if im != 0 else Decimal(90 if re > 0 else -90)
    phase += 90 + 360 / period
    if im < 0:
        phase += 180
    return phase - 360 if phase > 315 else phase


@cache
def _phases(x: tuple[float, ...]) -> tuple[dict[int, CycleBar], dict[int, Decimal | None]]:
    with localcontext(prec=DIGITS):
        bars = cycle_bars([Decimal(value) for value in x], 37)
        return bars, {k: _phase(bars, k) for k in bars}


def exact_phases(x: Column) -> Column:
    """Phase of the dominant cycle, NaN where nothing swings."""
    _, phases = _phases(tuple(x.tolist()))
    found = np.full(len(x), np.nan)
    for k, phase in phases.items():
        found[k] = np.nan if phase is None else phase
    return found


def exact_sines(x: Column) -> tuple[Column, Column]:
    """Sine of the phase, and of the phase 45 degrees on."""
    _, phases = _phases(tuple(x.tolist()))
    found = np.full((2, len(x)), np.nan)
    with localcontext(prec=DIGITS):
        for k, phase in phases.items():
            if phase is not None:
                found[:, k] = _sine_and_lead(phase)
    return found[0], found[1]


def _sine_and_lead(phase: Decimal) -> tuple[Decimal, Decimal]:
    angle = phase * PI / 180
    return sine_and_cosine(angle)[0], sine_and_cosine(angle + PI / 4)[0]


def exact_trend_modes(x: Column) -> Column:
    """1 in a trend, 0 in a cycle, NaN where there is no phase."""
    bars, phases = _phases(tuple(x.tolist()))
    found = np.full(len(x), np.nan)
    with localcontext(prec=DIGITS):
        lines = _trendlines([Decimal(value) for value in x.tolist()], bars)
        days, before = 0, (Decimal(0), Decimal(0), Decimal(0))
        for k, phase in phases.items():
            if phase is None:
                continue
            sine, lead = _sine_and_lead(phase)
            has_crossed = (sine > lead and before[0] <= before[1]) or (
                sine < lead and before[0] >= before[1]
            )
            days = 1 if has_crossed else days + 1
            period = bars[k].period
            turned = (phase - before[2]) / (360 / period)
            is_cycle = has_crossed or days < period / 2
            is_cycle |= Decimal("0.67") < turned < Decimal("1.5")
            away = abs((bars[k].smoothed - lines[k]) / lines[k])
            found[k] = 1.0 if away >= Decimal("0.015") or not is_cycle else 0.0
            before = sine, lead, phase
    return found


def _trendlines(x: Sequence[Decimal], bars: dict[int, CycleBar]) -> dict[int, Decimal]:
    means = {k: Decimal(0) for k in range(min(bars, default=0) - 3, min(bars, default=0))}
    lines = {}
    for k, bar in bars.items():
        length = int(bar.period + Decimal("0.5"))
        window = [x[k - back] if k - back in bars else Decimal(0) for back in range(length)]
        means[k] = sum(window, Decimal(0)) / length if length else Decimal(0)
        lines[k] = (4 * means[k] + 3 * means[k - 1] + 2 * means[k - 2] + means[k - 3]) / 10
    return lines


def exact_mama(x: Column, fast: float, slow: float) -> tuple[Column, Column]:
    """The adaptive average and its follower; a phasor of nothing has the angle 0."""
    found = np.full((2, len(x)), np.nan)
    with localcontext(prec=DIGITS):
        prices = [Decimal(value) for value in x.tolist()]
        bars = cycle_bars(prices, 12)
        before = mean = follower = Decimal(0)
        for k, bar in bars.items():
            angle = Decimal(0)
            if abs(bar.in_phase) > NOTHING * abs(prices[k]):
                angle = arc_tangent(bar.quadrature / bar.in_phase) * 180 / PI
            turn = max(before - angle, Decimal(1))
            share = max(Decimal(fast) / turn, Decimal(slow)) if turn > 1 else Decimal(fast)
            before = angle
            mean += share * (prices[k] - mean)
            follower += share / 2 * (mean - follower)
            found[:, k] = mean, follower
    return found[0], found[1]
