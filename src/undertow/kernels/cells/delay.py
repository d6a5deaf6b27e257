"""What a series was n values ago."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def delay(s: Numbers, at: int, x: float, n: int) -> float:
    """The value `n` updates before this one; NaN before there is one.

    State (n + 2): values seen up to n, place in the ring, ring.
    """
    place = at + 2 + int(s[at + 1])
    before = s[place]
    s[place] = x
    s[at + 1] = 0.0 if s[at + 1] + 1.0 == n else s[at + 1] + 1.0
    if s[at] < n:
        s[at] += 1.0
        return nan
    return float(before)


def delay_size(n: int) -> int:
    """Numbers of state that `delay` needs."""
    return n + 2
