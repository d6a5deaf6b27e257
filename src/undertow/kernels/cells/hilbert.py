"""The cycle that dominates prices, by Ehlers's Hilbert transformer and homodyne discriminator.

J. Ehlers, Rocket Science for Traders (2001), with the numbers that TA-Lib uses:
prices smoothed over four bars are turned by 90 degrees with a transformer of four taps, and the
angle between the phasors of two bars gives the period.
"""

from math import atan, pi

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

HILBERT_SIZE = 6

# Where `dominant_cycle` keeps its phasor and its period, counted from its place.
IN_PHASE, QUADRATURE, SMOOTH_PERIOD = 24, 25, 26
CYCLE_SIZE = 32
SHORTEST, LONGEST = 6.0, 50.0

_DETRENDED, _TURNED_IN_PHASE, _TURNED_QUADRATURE = 6, 12, 18
_I, _Q, _RE, _IM, _PERIOD = 27, 28, 29, 30, 31
_SMALL, _LARGE = 0.0962, 0.5769


@cell
def smoothed_price(s: Numbers, at: int, x: float) -> float:
    """Weighted mean of the last four values, 4 : 3 : 2 : 1; zeros before the first.

    State (3): the last three values.
    """
    mean = (4.0 * x + 3.0 * s[at] + 2.0 * s[at + 1] + s[at + 2]) * 0.1
    s[at + 2] = s[at + 1]
    s[at + 1] = s[at]
    s[at] = x
    return float(mean)


SMOOTHED_PRICE_SIZE = 3


@cell
def hilbert(s: Numbers, at: int, x: float, gain: float) -> float:
    """The series turned by 90 degrees, three bars late; `gain` corrects for the period.

    Zeros stand for what was before the first value. State (6): the last six values.
    """
    turned = _SMALL * x - _SMALL * s[at + 5] - _LARGE * s[at + 3] + _LARGE * s[at + 1]
    for k in range(5, 0, -1):
        s[at + k] = s[at + k - 1]
    s[at] = x
    return float(turned * gain)


@cell
def dominant_cycle(s: Numbers, at: int, smoothed: float) -> float:
    """Period in bars of the dominant cycle of a smoothed price, 6 to 50 once it has settled.

    State (32): four Hilbert transformers, then the phasor and the period, at `IN_PHASE` and the
    names after it. It settles from zeros within some twenty bars.
    """
    before = s[at + _PERIOD]
    gain = 0.075 * before + 0.54
    detrended = hilbert(s, at, smoothed, gain)
    in_phase = s[at + _DETRENDED + 2]
    quadrature = hilbert(s, at + _DETRENDED, detrended, gain)
    turned_in_phase = hilbert(s, at + _TURNED_IN_PHASE, in_phase, gain)
    turned_quadrature = hilbert(s, at + _TURNED_QUADRATURE, quadrature, gain)
    i2 = 0.2 * (in_phase - turned_quadrature) + 0.8 * s[at + _I]
    q2 = 0.2 * (quadrature + turned_in_phase) + 0.8 * s[at + _Q]
    re = 0.2 * (i2 * s[at + _I] + q2 * s[at + _Q]) + 0.8 * s[at + _RE]
    im = 0.2 * (i2 * s[at + _Q] - q2 * s[at + _I]) + 0.8 * s[at + _IM]
    period = before
    if re != 0.0 and im != 0.0:
        period = 2.0 * pi / atan(im / re)
    period = max(min(period, 1.5 * before), 0.67 * before)
    period = 0.2 * max(min(period, LONGEST), SHORTEST) + 0.8 * before
    s[at + IN_PHASE] = in_phase
    s[at + QUADRATURE] = quadrature
    s[at + _I] = i2
    s[at + _Q] = q2
    s[at + _RE] = re
    s[at + _IM] = im
    s[at + _PERIOD] = period
    s[at + SMOOTH_PERIOD] = 0.33 * period + 0.67 * s[at + SMOOTH_PERIOD]
    return float(period)
