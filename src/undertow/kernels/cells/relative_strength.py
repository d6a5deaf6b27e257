"""Wilder's averages of gains and of losses, and the index made of them."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

RELATIVE_STRENGTH_SIZE = 4


@cell
def is_moved(s: Numbers, at: int, x: float, n: int) -> bool:
    """Take a value; whether the averages of gain and loss at `at + 2` and `at + 3` are defined.

    State (4): values seen up to n + 1, last value, average gain, average loss (sums until there are
    `n` changes).
    """
    change = x - s[at + 1]
    up = change if change > 0.0 else 0.0
    down = -change if change < 0.0 else 0.0
    seen = s[at]
    s[at + 1] = x
    if seen > n:
        share = 1.0 / n
        keep = 1.0 - share
        s[at + 2] = fused(s[at + 2], keep, up * share)
        s[at + 3] = fused(s[at + 3], keep, down * share)
        return True
    s[at] = seen + 1.0
    if seen == 0.0:
        return False
    s[at + 2] += up
    s[at + 3] += down
    if seen < n:
        return False
    s[at + 2] /= n
    s[at + 3] /= n
    return True


@cell
def strength_of(gain: float, loss: float, flat: float) -> float:
    """100 * gain / (gain + loss); `flat` where nothing moved."""
    total = gain + loss
    return 100.0 * (gain / total) if total > 0.0 else flat


@cell
def relative_strength(s: Numbers, at: int, x: float, n: int, flat: float) -> float:
    """The index after `n` changes, 0 to 100; `flat` where nothing moved. State as `is_moved`."""
    if not is_moved(s, at, x, n):
        return nan
    return strength_of(s[at + 2], s[at + 3], flat)
