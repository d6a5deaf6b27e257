"""Wilder's average: it keeps n - 1 parts of itself and takes one of the new value."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

WILDER_AVERAGE_SIZE = 2


@cell
def wilder_average(s: Numbers, at: int, x: float, n: int) -> float:
    """average = average * (1 - 1 / n) + x / n, from the mean of the first `n` on; NaN before.

    One operation after another less than average + (x - average) / n, which is what bounds a sweep;
    a constant is kept to a few units of its last digit. State (2): values seen up to n, their sum
    and then the average.
    """
    if s[at] >= n:
        share = 1.0 / n
        value = fused(s[at + 1], 1.0 - share, x * share)
        s[at + 1] = value
        return value
    s[at] += 1.0
    s[at + 1] += x
    if s[at] < n:
        return nan
    s[at + 1] /= n
    return float(s[at + 1])
