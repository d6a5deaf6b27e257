"""How many of the last n values lie below the one that comes now."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def rank_before(s: Numbers, at: int, x: float, n: int) -> float:
    """Share of the `n` values before x that are smaller, in percent; NaN before there are n.

    State (n + 2): values seen up to n, place in the ring, ring. All are compared, without a branch:
    that is quicker than keeping some hundred of them in order.
    """
    ring = at + 2
    below = 0
    for k in range(n):
        below += s[ring + k] < x
    place = int(s[at + 1])
    s[ring + place] = x
    s[at + 1] = 0.0 if place + 1 == n else place + 1.0
    if s[at] < n:
        s[at] += 1.0
        return nan
    return 100.0 * below / n


def rank_before_size(n: int) -> int:
    """Numbers of state that `rank_before` needs."""
    return n + 2
