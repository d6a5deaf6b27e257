"""Sums over the last n values by addition alone: what has left the window leaves nothing behind."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def block_sum(s: Numbers, at: int, x: float, n: int) -> float:
    """Sum of the last `n` values; NaN before there are n.

    State (n + 3): values seen up to n, place in the ring, sum of the new block, ring. From the
    place on, the ring holds what is left of the block before as sums to its end, so a window of
    zeros sums to exactly 0 and one of equal signs never changes sign: ratios of sums rely on it.
    """
    # The place is counted as a float: from bar to bar that is one addition, not two conversions.
    place = s[at + 1]
    ring = at + 3
    here = ring + int(place)
    fresh = s[at + 2] + x
    total = fresh
    s[here] = x
    place += 1.0
    if place < n:
        total += s[here + 1]
    else:
        place = fresh = 0.0
        for k in range(n - 2, -1, -1):
            s[ring + k] += s[ring + k + 1]
    s[at + 1] = place
    s[at + 2] = fresh
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    return float(total)


def block_sum_size(n: int) -> int:
    """Numbers of state that `block_sum` needs."""
    return n + 3
