"""Sums over the last n values that do not drift: the sum is made anew once per window."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_sum(s: Numbers, at: int, x: float, n: int) -> float:
    """Sum of the last `n` values; NaN before there are n.

    State (n + 3): values seen up to n, place in the ring, sum, ring. The running sum is replaced by
    a fresh one whenever the ring is full round, so an outlier leaves no rounding residue for longer
    than n values.
    """
    place = int(s[at + 1])
    ring = at + 3
    total = s[at + 2] + x - s[ring + place]
    s[ring + place] = x
    place += 1
    if place == n:
        place = 0
        total = 0.0
        for k in range(n):
            total += s[ring + k]
    s[at + 1] = place
    s[at + 2] = total
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    return float(total)


def window_sum_size(n: int) -> int:
    """Numbers of state that `window_sum` needs."""
    return n + 3
