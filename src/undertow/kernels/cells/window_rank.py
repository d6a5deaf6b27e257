"""How many of the values before it a value exceeds."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_rank(s: Numbers, at: int, x: float, n: int) -> float:
    """How many of the `n` values before x are smaller; NaN before there are n.

    State (n + 2): values seen up to n, place in the ring, ring. Comparing with all of them at once
    costs less than keeping them in order.
    """
    ring = at + 2
    below = 0
    for k in range(n):
        below += 1 if s[ring + k] < x else 0
    place = int(s[at + 1])
    s[ring + place] = x
    s[at + 1] = place + 1 if place + 1 < n else 0
    if s[at] < n:
        s[at] += 1.0
        return nan
    return float(below)


def window_rank_size(n: int) -> int:
    """Numbers of state that `window_rank` needs."""
    return n + 2
