"""Cycles after Ehlers: period, phase and trend of the dominant one, and his filters.

`p[0]` of every step is how many bars it keeps silent. What comes from the Hilbert transformer has
TA-Lib's start: the transformer is fed from bar p[1] on, out of zeros, and has settled when the
first answer is given.
"""

from math import atan, cos, nan, pi, sin, sqrt

from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.cells.hilbert import (
    CYCLE_SIZE,
    IN_PHASE,
    QUADRATURE,
    SMOOTH_PERIOD,
    SMOOTHED_PRICE_SIZE,
    dominant_cycle,
    smoothed_price,
)
from undertow.kernels.cells.two_pole import (
    HIGH_PASS_SIZE,
    SUPER_SMOOTHER_SIZE,
    high_pass,
    super_smoother,
)
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers, Step

_SEEN, _SMOOTHED = 0, 1
_CYCLE = _SMOOTHED + SMOOTHED_PRICE_SIZE
_PERIOD, _I, _Q = _CYCLE + SMOOTH_PERIOD, _CYCLE + IN_PHASE, _CYCLE + QUADRATURE
CYCLE_STEP_SIZE = _CYCLE + CYCLE_SIZE

_RING = 64  # a power of two above the longest period
_RECENT = CYCLE_STEP_SIZE
PHASE_STEP_SIZE = _RECENT + _RING
_PRICES = PHASE_STEP_SIZE
_TRENDS = _PRICES + _RING
TRENDLINE_STEP_SIZE = _TRENDS + 3
_SINE, _LEAD, _PHASE, _DAYS = (TRENDLINE_STEP_SIZE + k for k in range(4))
TREND_MODE_SIZE = TRENDLINE_STEP_SIZE + 4

_DEGREE = pi / 180.0


@cell
def _follow(s: Numbers, p: Numbers, x: float) -> float:
    # Feed the discriminator; the smoothed price.
    smoothed = smoothed_price(s, _SMOOTHED, x)
    if s[_SEEN] >= p[1]:
        dominant_cycle(s, _CYCLE, smoothed)
    s[_SEEN] += 1.0
    return smoothed


def period_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: period of the dominant cycle in bars."""
    _follow(s, p, x[0])
    out[0] = s[_PERIOD] if s[_SEEN] > p[0] else nan


PERIOD = Step(period_step)


def phasor_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: in-phase and quadrature part."""
    _follow(s, p, x[0])
    is_told = s[_SEEN] > p[0]
    out[0] = s[_I] if is_told else nan
    out[1] = s[_Q] if is_told else nan


PHASOR = Step(phasor_step)


@cell
def _phase(s: Numbers, p: Numbers, x: float) -> float:
    # Phase in degrees, -45 to 315, of the dominant cycle in the smoothed prices of one period; NaN
    # where they do not swing at all. Sines and cosines by turning, not one by one.
    smoothed = _follow(s, p, x)
    place = int(s[_SEEN])
    if s[_SEEN] <= p[1]:
        return nan
    s[_RECENT + (place & (_RING - 1))] = smoothed
    length = int(s[_PERIOD] + 0.5)
    turn = 2.0 * pi / length if length > 0 else 0.0
    step_cos, step_sin = cos(turn), sin(turn)
    at_cos, at_sin, re, im = 1.0, 0.0, 0.0, 0.0
    for k in range(length):
        # Over a whole period a level adds nothing: without it less is lost to rounding.
        value = s[_RECENT + ((place - k) & (_RING - 1))] - smoothed
        re += at_sin * value
        im += at_cos * value
        at_cos, at_sin = (
            at_cos * step_cos - at_sin * step_sin,
            at_sin * step_cos + at_cos * step_sin,
        )
    if re == 0.0 and im == 0.0:
        return nan
    phase = 90.0 if im == 0.0 and re > 0.0 else -90.0
    if im != 0.0:
        phase = atan(re / im) / _DEGREE
    phase += 90.0 + 360.0 / s[_PERIOD]
    if im < 0.0:
        phase += 180.0
    return float(phase - 360.0 if phase > 315.0 else phase)


def phase_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: phase of the dominant cycle in degrees."""
    phase = _phase(s, p, x[0])
    out[0] = phase if s[_SEEN] > p[0] else nan


PHASE = Step(phase_step)


def sine_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: sine of the phase, and of the phase 45 degrees on."""
    phase = _phase(s, p, x[0])
    is_told = s[_SEEN] > p[0]
    out[0] = sin(phase * _DEGREE) if is_told else nan
    out[1] = sin((phase + 45.0) * _DEGREE) if is_told else nan


SINE = Step(sine_step)


@cell
def _trendline(s: Numbers, x: float) -> float:
    # Mean price of one dominant cycle, smoothed over four bars. To be called after `_follow`.
    place = int(s[_SEEN])
    s[_PRICES + (place & (_RING - 1))] = x
    length = int(s[_PERIOD] + 0.5)
    total = 0.0
    for k in range(length):
        total += s[_PRICES + ((place - k) & (_RING - 1))]
    mean = total / length if length > 0 else 0.0
    line = (4.0 * mean + 3.0 * s[_TRENDS] + 2.0 * s[_TRENDS + 1] + s[_TRENDS + 2]) / 10.0
    s[_TRENDS + 2] = s[_TRENDS + 1]
    s[_TRENDS + 1] = s[_TRENDS]
    s[_TRENDS] = mean
    return float(line)


def trendline_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: mean over the dominant cycle, smoothed."""
    _follow(s, p, x[0])
    line = _trendline(s, x[0])
    out[0] = line if s[_SEEN] > p[0] else nan


TRENDLINE = Step(trendline_step)


@cell
def _is_trend(s: Numbers, phase: float, smoothed: float, line: float) -> bool:
    # No trend while the sine and its lead have crossed within half a cycle, nor while the phase
    # turns at the pace of the cycle; a trend anyhow 1.5 % away from the trendline.
    sine, lead = sin(phase * _DEGREE), sin((phase + 45.0) * _DEGREE)
    is_trend = True
    if (sine > lead and s[_SINE] <= s[_LEAD]) or (sine < lead and s[_SINE] >= s[_LEAD]):
        s[_DAYS] = 0.0
        is_trend = False
    s[_DAYS] += 1.0
    pace = 360.0 / s[_PERIOD]
    if s[_DAYS] < 0.5 * s[_PERIOD] or 0.67 * pace < phase - s[_PHASE] < 1.5 * pace:
        is_trend = False
    if line != 0.0 and abs((smoothed - line) / line) >= 0.015:
        is_trend = True
    s[_SINE] = sine
    s[_LEAD] = lead
    s[_PHASE] = phase
    return is_trend


def trend_mode_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start. out: 1 in a trend, 0 in a cycle."""
    phase = _phase(s, p, x[0])
    line = _trendline(s, x[0])
    out[0] = nan
    if phase == phase:
        smoothed = s[_RECENT + (int(s[_SEEN]) & (_RING - 1))]
        is_trend = _is_trend(s, phase, smoothed, line)
        if s[_SEEN] > p[0]:
            out[0] = 1.0 if is_trend else 0.0


TREND_MODE = Step(trend_mode_step)


_ANGLE, _MAMA, _FAMA = CYCLE_STEP_SIZE, CYCLE_STEP_SIZE + 1, CYCLE_STEP_SIZE + 2
MAMA_SIZE = CYCLE_STEP_SIZE + 3


def mama_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, start, fast, slow. out: adaptive average, and one that follows it."""
    _follow(s, p, x[0])
    if s[_SEEN] > p[1]:
        angle = atan(s[_Q] / s[_I]) / _DEGREE if s[_I] != 0.0 else 0.0
        turn = max(s[_ANGLE] - angle, 1.0)
        share = max(p[2] / turn, p[3]) if turn > 1.0 else p[2]
        s[_ANGLE] = angle
        s[_MAMA] += share * (x[0] - s[_MAMA])
        s[_FAMA] += 0.5 * share * (s[_MAMA] - s[_FAMA])
    is_told = s[_SEEN] > p[0]
    out[0] = s[_MAMA] if is_told else nan
    out[1] = s[_FAMA] if is_told else nan


MAMA = Step(mama_step)


@cell
def _is_silent(s: Numbers, p: Numbers) -> bool:
    # Count the bar, up to the end of the silence.
    if s[0] >= p[0]:
        return False
    s[0] += 1.0
    return True


SUPER_SMOOTHER_STEP_SIZE = 1 + SUPER_SMOOTHER_SIZE


def super_smoother_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, b, c. out: smoothed value."""
    value = super_smoother(s, 1, x[0], p[1], p[2])
    out[0] = nan if _is_silent(s, p) else value


SUPER_SMOOTHER = Step(super_smoother_step)

ROOFING_SIZE = 1 + HIGH_PASS_SIZE + SUPER_SMOOTHER_SIZE


def roofing_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha, b, c. out: what lies between the two cuts."""
    passed = high_pass(s, 1, x[0], p[1])
    value = super_smoother(s, 1 + HIGH_PASS_SIZE, passed, p[2], p[3])
    out[0] = nan if _is_silent(s, p) else value


ROOFING = Step(roofing_step)

DECYCLER_SIZE = 4


def decycler_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha. out: the value without its faster cycles."""
    value = x[0]
    if s[1] == 0.0:
        s[1] = 1.0
    else:
        value = s[3] + p[1] * ((x[0] + s[2]) * 0.5 - s[3])
    s[2] = x[0]
    s[3] = value
    out[0] = nan if _is_silent(s, p) else value


DECYCLER = Step(decycler_step)

DECYCLER_OSCILLATOR_SIZE = 1 + 2 * HIGH_PASS_SIZE


def decycler_oscillator_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha of the slow, alpha of the fast. out: slow less fast high pass."""
    fast = high_pass(s, 1, x[0], p[2])
    slow = high_pass(s, 1 + HIGH_PASS_SIZE, x[0], p[1])
    out[0] = nan if _is_silent(s, p) else slow - fast


DECYCLER_OSCILLATOR = Step(decycler_oscillator_step)

CYBER_CYCLE_SIZE = 10


def cyber_cycle_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha. out: cycle, and what it was one bar ago."""
    smoothed = (x[0] + 2.0 * s[2] + 2.0 * s[3] + s[4]) / 6.0
    alpha, left = p[1], 1.0 - p[1]
    if s[1] < 6.0:
        s[1] += 1.0
        value = (x[0] - 2.0 * s[2] + s[3]) / 4.0 if s[1] > 2.0 else 0.0
    else:
        bend = smoothed - 2.0 * s[5] + s[6]
        value = (1.0 - 0.5 * alpha) * (1.0 - 0.5 * alpha) * bend
        value += 2.0 * left * s[7] - left * left * s[8]
    s[4] = s[3]
    s[3] = s[2]
    s[2] = x[0]
    s[6] = s[5]
    s[5] = smoothed
    s[8] = s[7]
    s[7] = value
    is_silent = _is_silent(s, p)
    out[0] = nan if is_silent else value
    out[1] = nan if is_silent else s[8]


CYBER_CYCLE = Step(cyber_cycle_step)

TREND_FILTER_SIZE = 6


def instantaneous_trendline_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha. out: trendline, and twice it less what it was two bars ago."""
    alpha, left = p[1], 1.0 - p[1]
    if s[1] < 6.0:
        s[1] += 1.0
        value = (x[0] + 2.0 * s[2] + s[3]) / 4.0 if s[1] > 2.0 else x[0]
    else:
        square = alpha * alpha
        value = (alpha - 0.25 * square) * x[0] + 0.5 * square * s[2]
        value += 2.0 * left * s[4] - (alpha - 0.75 * square) * s[3] - left * left * s[5]
    before = s[5]
    s[3] = s[2]
    s[2] = x[0]
    s[5] = s[4]
    s[4] = value
    is_silent = _is_silent(s, p)
    out[0] = nan if is_silent else value
    out[1] = nan if is_silent else 2.0 * value - before


INSTANTANEOUS_TRENDLINE = Step(instantaneous_trendline_step)

LAGUERRE_SIZE = 6


@cell
def _laguerre(s: Numbers, x: float, gamma: float) -> None:
    # Four elements at 2: each follows the one before it by an all-pass of one bar.
    if s[1] == 0.0:
        s[1] = 1.0
        for k in range(4):
            s[2 + k] = x
        return
    before = s[2]
    s[2] = x + gamma * (before - x)
    for k in range(3, 6):
        value = before + gamma * (s[k] - s[k - 1])
        before = s[k]
        s[k] = value


def laguerre_filter_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, gamma. out: the four elements weighted 1 : 2 : 2 : 1."""
    _laguerre(s, x[0], p[1])
    value = (s[2] + 2.0 * s[3] + 2.0 * s[4] + s[5]) / 6.0
    out[0] = nan if _is_silent(s, p) else value


LAGUERRE_FILTER = Step(laguerre_filter_step)


def laguerre_rsi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, gamma. out: falls between elements over all differences, 0 to 1."""
    _laguerre(s, x[0], p[1])
    up, all_ = 0.0, 0.0
    for k in range(2, 5):
        up += max(s[k] - s[k + 1], 0.0)
        all_ += abs(s[k] - s[k + 1])
    out[0] = nan if _is_silent(s, p) else up / all_


LAGUERRE_RSI = Step(laguerre_rsi_step)

EVEN_BETTER_SINEWAVE_SIZE = 4 + SUPER_SMOOTHER_SIZE + 2


def even_better_sinewave_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: silent, alpha, b, c. out: mean of three filtered values over their power."""
    passed = 0.0
    if s[1] == 0.0:
        s[1] = 1.0
    else:
        passed = 0.5 * (1.0 + p[1]) * (x[0] - s[2]) + p[1] * s[3]
    s[2] = x[0]
    s[3] = passed
    last = 4 + SUPER_SMOOTHER_SIZE
    value = super_smoother(s, 4, passed, p[2], p[3])
    power = (value * value + s[last] * s[last] + s[last + 1] * s[last + 1]) / 3.0
    wave = (value + s[last] + s[last + 1]) / 3.0 / sqrt(power)
    s[last + 1] = s[last]
    s[last] = value
    out[0] = nan if _is_silent(s, p) else wave


EVEN_BETTER_SINEWAVE = Step(even_better_sinewave_step)

_FILTERED = 1 + SUPER_SMOOTHER_SIZE  # after the smoother at 1: mean square at 0, then the windows


_ROUNDING = 1e-13  # a distance below this share of the price is rounding


@cell
def _against_power(s: Numbers, mean: float, price: float) -> float:
    # A value over the root of its own mean square, 4 % of which is new; it starts with the first.
    if abs(mean) <= _ROUNDING * abs(price):
        mean = 0.0
    square = mean * mean
    s[0] = square if s[0] == 0.0 else fused(square - s[0], 0.04, s[0])
    return float(mean / sqrt(s[0]))


def reflex_size(n: int) -> int:
    """Numbers of state that `reflex_step` and `trendflex_step` need."""
    return _FILTERED + block_sum_size(n + 1) + delay_size(n)


def reflex_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, b, c. out: how far the last n are from their chord, over its power."""
    n = int(p[0])
    value = super_smoother(s, 1, x[0], p[1], p[2])
    total = block_sum(s, _FILTERED, value, n + 1)
    first = delay(s, _FILTERED + n + 4, value, n)
    out[0] = nan
    if total == total:
        slope = (first - value) / n
        mean = value + slope * (n + 1) * 0.5 - (total - value) / n
        out[0] = _against_power(s, mean, value)


REFLEX = Step(reflex_step)


def trendflex_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, b, c. out: how far the value is from the last n, over the power of that."""
    n = int(p[0])
    value = super_smoother(s, 1, x[0], p[1], p[2])
    total = block_sum(s, _FILTERED, value, n + 1)
    out[0] = nan
    if total == total:
        out[0] = _against_power(s, value - (total - value) / n, value)


TRENDFLEX = Step(trendflex_step)
