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

# Places in the state, counted from its start; after them the values, the sums, the squares.
PLACE, REFERENCE, TOTAL, SQUARES, VALUES = 1, 2, 3, 4, 5


@cell
def window_variance(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """Mean and population variance (divisor n) of the last `n` values; NaN before there are n.

    A window of one repeated value has that mean and variance exactly 0. State (3 n + 7): values
    seen up to n, place in the block, reference, sum and squares of the block, then the values and
    from each place the sums to the end of the block before, plain and of squares.
    """
    if s[at] == 0.0:
        s[at + REFERENCE] = x
    if s[at] < n:
        s[at] += 1.0
    count = s[at + PLACE]  # a float, as in `block_sum`
    place = int(count)
    s[at + VALUES + place] = x
    place += 1
    d = x - s[at + REFERENCE]
    s[at + PLACE] = count + 1.0
    s[at + TOTAL] += d
    s[at + SQUARES] += d * d
    behind = at + VALUES + n + place
    total = s[at + TOTAL] + s[behind]
    squares = s[at + SQUARES] + s[behind + n + 1]
    if s[at] < n:
        return nan, nan
    share = 1.0 / n
    rest = squares - total * total * share
    if rest < FAR * squares:
        take_reference(s, at, x, n)
        total = s[at + TOTAL] + s[behind]
        squares = s[at + SQUARES] + s[behind + n + 1]
        rest = squares - total * total * share
    mean = s[at + REFERENCE] + total * share
    if place == n:
        end_block(s, at, n)
    return mean, rest * share if rest > 0.0 else 0.0


@cell
def take_reference(s: Numbers, at: int, x: float, n: int) -> None:
    """Make x the reference: the sums of the block and those behind its place around it."""
    place = int(s[at + PLACE])
    s[at + REFERENCE] = x
    sum_behind(s, at, n, place)
    total = squares = 0.0
    for k in range(place):
        d = s[at + VALUES + k] - x
        total += d
        squares += d * d
    s[at + TOTAL] = total
    s[at + SQUARES] = squares


@cell
def end_block(s: Numbers, at: int, n: int) -> None:
    """The block is full: its sums from behind around its last value, and a new block begins."""
    s[at + REFERENCE] = s[at + VALUES + n - 1]
    sum_behind(s, at, n, 0)
    s[at + PLACE] = s[at + TOTAL] = s[at + SQUARES] = 0.0


@cell
def sum_behind(s: Numbers, at: int, n: int, first: int) -> None:
    """Sums from each place to the end of the values, for the places from `first` on."""
    reference = s[at + REFERENCE]
    values, sums = at + VALUES, at + VALUES + n
    total = squares = 0.0
    for k in range(n - 1, first - 1, -1):
        d = s[values + k] - reference
        total += d
        squares += d * d
        s[sums + k] = total
        s[sums + n + 1 + k] = squares


def window_variance_size(n: int) -> int:
    """Numbers of state that `window_variance` needs."""
    return 3 * n + VALUES + 2
