"""Averages that never forget: exponential and Wilder's, seeded with a simple mean as in TA-Lib."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

AVERAGE_SIZE = 2


@cell
def average(s: Numbers, at: int, x: float, n: float, share: float) -> float:
    """average += share * (x - average), from the mean of the first `n` on.

    Exponential with share = 2 / (n + 1), Wilder's with 1 / n. State (2): values seen up to n, their
    sum and then the average.
    """
    if s[at] >= n:
        value = fused(x - s[at + 1], share, s[at + 1])
        s[at + 1] = value
        return value
    s[at] += 1.0
    s[at + 1] += x
    if s[at] < n:
        return nan
    s[at + 1] /= n
    return float(s[at + 1])
