"""Central moments of the last n values, from sums of powers that nothing is subtracted from.

The method of `window_variance` up to the fourth power: the end of one block of n and the start of
the next, around a reference that is renewed when the mean has gone some deviations away from it.
"""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

AWAY = 0.05
"""Share of the squares around the reference below which those around the mean are too small: the
mean is then more than four deviations away, and a fourth power has lost three digits."""

# Places in the state, counted from its start; after the sums n values and n + 1 times four sums
# behind a place.
PLACE, REFERENCE, SUMS, VALUES = 1, 2, 3, 7


@cell
def window_moments(s: Numbers, at: int, x: float, n: int) -> tuple[float, float, float]:
    """Second, third and fourth central moment (divisor n) of the last `n`; NaN before there are n.

    A window of one repeated value has exactly 0. State (5 n + 11): values seen up to n, place in
    the block, reference, sums of the block's first to fourth powers, values, sums behind.
    """
    if s[at] == 0.0:
        s[at + REFERENCE] = x
    if s[at] < n:
        s[at] += 1.0
    place = int(s[at + PLACE])
    s[at + VALUES + place] = x
    s[at + PLACE] = place + 1
    add_powers(s, at + SUMS, x - s[at + REFERENCE])
    if s[at] < n:
        return nan, nan, nan
    second, third, fourth, squares = moments_of_window(s, at, n)
    if second < AWAY * squares:
        move_reference(s, at, x, n)
        second, third, fourth, squares = moments_of_window(s, at, n)
    if place + 1 == n:
        s[at + PLACE] = 0.0
        move_reference(s, at, x, n)
    return second, third, fourth


@cell
def add_powers(s: Numbers, to: int, d: float) -> None:
    """Add d to the fourth power of d to the four sums at `to`."""
    square = d * d
    s[to] += d
    s[to + 1] += square
    s[to + 2] += square * d
    s[to + 3] += square * square


@cell
def moments_of_window(s: Numbers, at: int, n: int) -> tuple[float, float, float, float]:
    """The three central moments, and the mean square around the reference."""
    block = at + SUMS
    behind = at + VALUES + n + int(s[at + PLACE]) * 4
    share = 1.0 / n
    mean = (s[block] + s[behind]) * share
    squares = (s[block + 1] + s[behind + 1]) * share
    cubes = (s[block + 2] + s[behind + 2]) * share
    fourths = (s[block + 3] + s[behind + 3]) * share
    second = max(squares - mean * mean, 0.0)
    third = cubes - mean * (3.0 * squares - 2.0 * mean * mean)
    fourth = fourths - mean * (4.0 * cubes - mean * (6.0 * squares - 3.0 * mean * mean))
    return second, third, max(fourth, 0.0), squares


@cell
def move_reference(s: Numbers, at: int, x: float, n: int) -> None:
    """Make x the reference: the sums of the block and those behind its place around it."""
    place = int(s[at + PLACE])
    s[at + REFERENCE] = x
    rows = at + VALUES + n
    for k in range(n - 1, place - 1, -1):
        for j in range(4):
            s[rows + 4 * k + j] = s[rows + 4 * (k + 1) + j]
        add_powers(s, rows + 4 * k, s[at + VALUES + k] - x)
    for j in range(4):
        s[at + SUMS + j] = 0.0
    for k in range(place):
        add_powers(s, at + SUMS, s[at + VALUES + k] - x)


def window_moments_size(n: int) -> int:
    """Numbers of state that `window_moments` needs."""
    return 5 * n + VALUES + 4
