"""Mean and variance of the last n values, from sums that nothing is ever subtracted from.

A window is the end of one block of n and the start of the next; each holds the sums of x - r and of
(x - r)**2 around a reference r near the values. So an outlier that has left the window has left the
sums too, and a variance is never negative. When the mean has moved so far from r that digits would
be lost, r becomes the newest value and the sums are made anew from the window.
"""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

FAR = 1e-3
"""Share of the sum of squares around r below which their sum around the mean has lost digits."""


@cell
def sums_behind(s: Numbers, ring: int, r: float, n: int, first: int) -> None:
    """Sums from each place of the window to its end, for the places from `first` to n - 1.

    `ring` has n values, then room for n sums and n sums of squares.
    """
    total = squares = 0.0
    for k in range(n - 1, first - 1, -1):
        d = s[ring + k] - r
        total += d
        squares += d * d
        s[ring + n + k] = total
        s[ring + n + n + k] = squares


@cell
def window_variance(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """Mean and population variance (divisor n) of the last `n` values; NaN before there are n.

    A window of one repeated value has variance exactly 0 and that mean. State (3 n + 5): values
    seen up to n, place in the block, reference, sum and squares of the block, values, sums behind.
    """
    if s[at] == 0.0:
        s[at + 2] = x
    place = int(s[at + 1])
    ring = at + 5
    s[ring + place] = x
    d = x - s[at + 2]
    total = s[at + 3] + d
    squares = s[at + 4] + d * d
    place += 1
    if s[at] < n:
        s[at] += 1.0
    s[at + 1], s[at + 3], s[at + 4] = place, total, squares
    if place < n:
        total += s[ring + n + place]
        squares += s[ring + n + n + place]
    if s[at] < n:
        return nan, nan
    rest = squares - total * total / n
    if rest < FAR * squares:
        total, squares = anew(s, at, x, n)
        rest = squares - total * total / n
    mean = s[at + 2] + total / n
    if place == n:
        end_block(s, at, x, n)
    return mean, max(rest, 0.0) / n


@cell
def anew(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """Take x as the reference; the sum and the squares of the window around it."""
    place = int(s[at + 1])
    ring = at + 5
    total = squares = 0.0
    for k in range(place):
        d = s[ring + k] - x
        total += d
        squares += d * d
    s[at + 2], s[at + 3], s[at + 4] = x, total, squares
    if place < n:
        sums_behind(s, ring, x, n, place)
        total += s[ring + n + place]
        squares += s[ring + n + n + place]
    return total, squares


@cell
def end_block(s: Numbers, at: int, x: float, n: int) -> None:
    """The block is full: its sums from behind around its last value, and a new block begins."""
    s[at + 2] = x
    sums_behind(s, at + 5, x, n, 0)
    s[at + 1] = s[at + 3] = s[at + 4] = 0.0


def window_variance_size(n: int) -> int:
    """Numbers of state that `window_variance` needs."""
    return 3 * n + 5
