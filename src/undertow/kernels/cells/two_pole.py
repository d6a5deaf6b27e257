"""Filters of two poles after Ehlers: what is slower than a period, or what is faster."""

from math import cos, exp, pi, sin, sqrt

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

SUPER_SMOOTHER_SIZE = 4
HIGH_PASS_SIZE = 5


@cell
def super_smoother(s: Numbers, at: int, x: float, b: float, c: float) -> float:
    """y += (1 - b - c) * ((x + x1) / 2 - y) in two poles, seeded with the first value.

    y = (1 - b - c) * (x + x1) / 2 + b * y1 + c * y2 with `smoother_shares`. State (4): seen, x1,
    y1, y2.
    """
    if s[at] == 0.0:
        s[at] = 1.0
        s[at + 1] = x
        s[at + 2] = x
        s[at + 3] = x
        return x
    middle = (x + s[at + 1]) * 0.5
    # Written around the middle, so that a constant passes unchanged.
    value = fused(b, s[at + 2] - middle, fused(c, s[at + 3] - middle, middle))
    s[at + 1] = x
    s[at + 3] = s[at + 2]
    s[at + 2] = value
    return value


def smoother_shares(period: float) -> tuple[float, float]:
    """b and c of `super_smoother` for a cut at a period in bars.

    Ehlers, Cycle Analytics for Traders (2013), chapter 3.
    """
    decay = exp(-sqrt(2.0) * pi / period)
    return 2.0 * decay * cos(sqrt(2.0) * pi / period), -decay * decay


@cell
def high_pass(s: Numbers, at: int, x: float, alpha: float) -> float:
    """What is faster than the cut: zero for the first two values.

    y = (1 - alpha / 2)^2 * (x - 2 * x1 + x2) + 2 * (1 - alpha) * y1 - (1 - alpha)^2 * y2. State
    (5): seen up to 2, x1, x2, y1, y2.
    """
    value = 0.0
    if s[at] < 2.0:
        s[at] += 1.0
    else:
        left = 1.0 - alpha
        bend = (x - s[at + 1]) - (s[at + 1] - s[at + 2])
        value = (1.0 - 0.5 * alpha) * (1.0 - 0.5 * alpha) * bend
        value += 2.0 * left * s[at + 3] - left * left * s[at + 4]
    s[at + 2] = s[at + 1]
    s[at + 1] = x
    s[at + 4] = s[at + 3]
    s[at + 3] = value
    return float(value)


def pass_share(period: float, poles: int) -> float:
    """alpha of a high pass of one or two poles for a cut at a period in bars.

    Ehlers, Cycle Analytics for Traders (2013), chapters 2 and 4.
    """
    angle = (1.0 if poles == 1 else sqrt(0.5)) * 2.0 * pi / period
    return (cos(angle) + sin(angle) - 1.0) / cos(angle)
