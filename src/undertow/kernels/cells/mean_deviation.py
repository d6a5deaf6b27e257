"""How far the last n values lie from their mean, on average."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def mean_deviation(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """x less the mean of the last `n` values, and their mean distance from it; NaN before n.

    State (n + 2): values seen up to n, place in the ring, ring. Distances have no running form, so
    the window is gone over for every value: n additions and n distances. All is reckoned from x, so
    no digits are lost, and a window of one repeated value answers 0 and 0.
    """
    place = s[at + 1]  # a float, as in `block_sum`
    ring = at + 2
    s[ring + int(place)] = x
    s[at + 1] = 0.0 if place + 1.0 == n else place + 1.0
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan, nan
    shift = 0.0
    for k in range(n):
        shift += s[ring + k] - x
    shift /= n
    total = 0.0
    for k in range(n):
        total += abs(s[ring + k] - x - shift)
    return -shift, total / n


def mean_deviation_size(n: int) -> int:
    """Numbers of state that `mean_deviation` needs."""
    return n + 2
