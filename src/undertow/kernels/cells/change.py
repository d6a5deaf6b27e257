"""The change of a series since its last value."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

CHANGE_SIZE = 2

ROUNDING = 1e-14
"""Share of two numbers within which their difference is rounding; TA-Lib's choice."""


@cell
def change_since_last(s: Numbers, at: int, x: float) -> float:
    """x less the value before it; NaN for the first. State (2): 1 once there is one, it."""
    before = s[at + 1]
    s[at + 1] = x
    if s[at] == 0.0:
        s[at] = 1.0
        return nan
    return float(x - before)


@cell
def move_since_last(s: Numbers, at: int, x: float) -> float:
    """As `change_since_last`, 0 for a change that rounding alone may have made.

    For numbers that are computed, as a mean of three prices is: the same price can come out as two
    numbers.
    """
    before = s[at + 1]
    change = change_since_last(s, at, x)
    return 0.0 if abs(change) < ROUNDING * (abs(x) + abs(before)) else change
