"""Wilder's running sum: it loses one n-th of itself and takes the new value."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

WILDER_SUM_SIZE = 2


@cell
def wilder_sum(s: Numbers, at: int, x: float, n: float) -> float:
    """sum += x - sum / n, after a start with the plain sum of n - 1 values, as TA-Lib's ADX.

    NaN for the first n - 1 values. State (2): values seen up to n, sum.
    """
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            s[at + 1] += x
            return nan
    value = s[at + 1] - s[at + 1] / n + x
    s[at + 1] = value
    return float(value)
