"""Averages that never forget: exponential and Wilder's, seeded with a simple mean as in TA-Lib."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

AVERAGE_SIZE = 2


@cell
def kept(share: float) -> float:
    """1 - share, what an average keeps of itself; what it takes is 1 - that.

    Taken so, the two add up to 1 exactly, and an average of a constant is the constant.
    """
    return 1.0 - share


@cell
def average(s: Numbers, at: int, x: float, n: float, share: float) -> float:
    """average = average * (1 - share) + x * share, from the mean of the first `n` on.

    Exponential with share = 2 / (n + 1), Wilder's with 1 / n. From bar to bar this is one operation
    after another, where average + share * (x - average) is two, and that is what bounds a sweep.
    State (2): values seen up to n, their sum and then the average.
    """
    if s[at] >= n:
        keep = kept(share)
        value = fused(s[at + 1], keep, x * (1.0 - keep))
        s[at + 1] = value
        return value
    s[at] += 1.0
    s[at + 1] += x
    if s[at] < n:
        return nan
    s[at + 1] /= n
    return float(s[at + 1])
