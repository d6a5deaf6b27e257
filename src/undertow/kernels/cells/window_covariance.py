"""How the last n values of two series vary together, from sums that nothing is subtracted from.

The method of `window_variance` for pairs: the end of one block of n and the start of the next, sums
around a pair of references that is renewed when digits would be lost.
"""

from math import nan

from undertow.kernels.cells.window_variance import FAR
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

# Places in the state, counted from its start; after the sums two rows of n values, and five of
# n + 1 sums behind a place.
PLACE, X_REFERENCE, Y_REFERENCE, SUMS, VALUES = 1, 2, 3, 4, 9


@cell
def window_covariance(
    s: Numbers, at: int, x: float, y: float, n: int
) -> tuple[float, float, float]:
    """Variance of x, variance of y and covariance (divisor n) of the last `n` pairs.

    `window_means` tells the means. NaN before there are n. A series of one repeated value has
    variance and covariance exactly 0. State (7 n + 14): pairs seen up to n, place in the block,
    references, five sums of the block (x, y, x x, y y, x y), values, sums behind.
    """
    if s[at] == 0.0:
        s[at + X_REFERENCE], s[at + Y_REFERENCE] = x, y
    if s[at] < n:
        s[at] += 1.0
    place = int(s[at + PLACE])
    s[at + VALUES + place] = x
    s[at + VALUES + n + place] = y
    s[at + PLACE] = place + 1
    add_pair(s, at, x, y, at + SUMS)
    if s[at] < n:
        return nan, nan, nan
    x_squares, y_squares, x_rest, y_rest, both = sums_of_window(s, at, n)
    if x_rest < FAR * x_squares or y_rest < FAR * y_squares:
        take_references(s, at, x, y, n)
        x_squares, y_squares, x_rest, y_rest, both = sums_of_window(s, at, n)
    if place + 1 == n:
        s[at + PLACE] = 0.0
        take_references(s, at, x, y, n)
    x_variance, y_variance = max(x_rest, 0.0) / n, max(y_rest, 0.0) / n
    is_still = x_variance == 0.0 or y_variance == 0.0
    return x_variance, y_variance, 0.0 if is_still else both / n


@cell
def window_means(s: Numbers, at: int, n: int) -> tuple[float, float]:
    """Means of x and y of the last `n` pairs, once `window_covariance` has answered."""
    block, behind = at + SUMS, at + VALUES + n + n + int(s[at + PLACE]) * 5
    x_total, y_total = s[block] + s[behind], s[block + 1] + s[behind + 1]
    return s[at + X_REFERENCE] + x_total / n, s[at + Y_REFERENCE] + y_total / n


@cell
def add_pair(s: Numbers, at: int, x: float, y: float, to: int) -> None:
    """Add a pair to the five sums at `to`."""
    dx = x - s[at + X_REFERENCE]
    dy = y - s[at + Y_REFERENCE]
    s[to] += dx
    s[to + 1] += dy
    s[to + 2] += dx * dx
    s[to + 3] += dy * dy
    s[to + 4] += dx * dy


@cell
def sums_of_window(s: Numbers, at: int, n: int) -> tuple[float, float, float, float, float]:
    """Squares of x and y around the references; both and the products around the means."""
    behind = at + VALUES + n + n + int(s[at + PLACE]) * 5
    block = at + SUMS
    share = 1.0 / n
    x_total = s[block] + s[behind]
    y_total = s[block + 1] + s[behind + 1]
    x_squares = s[block + 2] + s[behind + 2]
    y_squares = s[block + 3] + s[behind + 3]
    products = s[block + 4] + s[behind + 4]
    return (
        x_squares,
        y_squares,
        x_squares - x_total * x_total * share,
        y_squares - y_total * y_total * share,
        products - x_total * y_total * share,
    )


@cell
def take_references(s: Numbers, at: int, x: float, y: float, n: int) -> None:
    """Make x and y the references: the sums of the block and those behind its place around them."""
    place = int(s[at + PLACE])
    s[at + X_REFERENCE], s[at + Y_REFERENCE] = x, y
    rows = at + VALUES + n + n
    for k in range(n - 1, place - 1, -1):
        for j in range(5):
            s[rows + 5 * k + j] = s[rows + 5 * (k + 1) + j]
        add_pair(s, at, s[at + VALUES + k], s[at + VALUES + n + k], rows + 5 * k)
    for j in range(5):
        s[at + SUMS + j] = 0.0
    for k in range(place):
        add_pair(s, at, s[at + VALUES + k], s[at + VALUES + n + k], at + SUMS)


def window_covariance_size(n: int) -> int:
    """Numbers of state that `window_covariance` needs."""
    return 7 * n + VALUES + 5
