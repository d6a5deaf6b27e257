"""The range of a bar together with the gap before it (Wilder 1978)."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

TRUE_RANGE_SIZE = 2


@cell
def true_range(s: Numbers, at: int, high: float, low: float, close: float) -> float:
    """Largest of high - low and the distances of high and low from the close before.

    NaN for the first bar, as in TA-Lib. State (2): 1 once there is a close before, that close.
    """
    before = s[at + 1]
    s[at + 1] = close
    if s[at] == 0.0:
        s[at] = 1.0
        return nan
    return float(max(high - low, abs(high - before), abs(before - low)))
