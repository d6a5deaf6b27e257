"""Sums over the last n values with weights of any shape."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def shaped_sum(s: Numbers, at: int, x: float, n: int, weights: Numbers) -> float:
    """Sum of weight * value over the last `n` values; NaN before there are n.

    `weights[1]` belongs to the oldest value and `weights[n]` to the newest. State (n + 2): values
    seen up to n, place in the ring, ring. Costs n multiplications per value.
    """
    place = int(s[at + 1])
    ring = at + 2
    s[ring + place] = x
    place += 1
    if place == n:
        place = 0
    s[at + 1] = place
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    total = 0.0
    for k in range(place, n):
        total += weights[1 + k - place] * s[ring + k]
    for k in range(place):
        total += weights[1 + n - place + k] * s[ring + k]
    return total


def shaped_sum_size(n: int) -> int:
    """Numbers of state that `shaped_sum` needs."""
    return n + 2
