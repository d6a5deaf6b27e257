"""Wilder's average: it keeps n - 1 parts of itself and takes one of the new value."""

from math import nan

from undertow.kernels.cells.average import kept
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

WILDER_AVERAGE_SIZE = 4

# Places in the state, counted from its start: the average, the one before it, the value before.
LATEST, EARLIER, BEFORE = 1, 2, 3


@cell
def wilder_weights(n: int) -> tuple[float, float, float]:
    """Weights of the average two values ago, of the value before and of the new one.

    They are whole parts of 2**-53 and add up to 1 exactly, so an average of a constant is the
    constant to a unit of its last digit.
    """
    keep = kept(1.0 / n)
    take = 1.0 - keep
    both = 1.0 - keep * keep
    return 1.0 - both, both - take, take


@cell
def wilder_average(s: Numbers, at: int, x: float, n: int) -> float:
    """average = average * (1 - 1 / n) + x / n, from the mean of the first `n` on; NaN before.

    Written out over two values, average two ago * (1 - 1 / n)**2 + what both of them add: so the
    even and the odd averages do not wait for each other, and a sweep takes half the time. State
    (4): values seen up to n + 1, their sum and then the average, the average before, the value
    before.
    """
    value = s[at + LATEST]
    if s[at] > n:
        keep, old, new = wilder_weights(n)
        value = fused(s[at + EARLIER], keep, fused(s[at + BEFORE], old, x * new))
    elif s[at] == n:
        keep = kept(1.0 / n)
        value = fused(value, keep, x * (1.0 - keep))
    elif s[at] + 1.0 == n:
        value = (value + x) / n
    else:
        value += x
    s[at + EARLIER] = s[at + LATEST]
    s[at + LATEST] = value
    s[at + BEFORE] = x
    if s[at] <= n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    return float(value)
