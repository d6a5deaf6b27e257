"""Mean and variance of values with weights, of all so far or of the last n.

West (1979), Communications of the ACM 22(9): the weighted form of Welford's updates. A window is
the end of one block of n and the start of the next, joined by the pairwise rule of Chan, Golub and
LeVeque (1983), The American Statistician 37(3); nothing is subtracted, so nothing is lost.
"""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

# Places in the state; after them three rows of n: weights, values, squares behind.
PLACE, WEIGHT, MEAN, SQUARES, ROWS = 1, 2, 3, 4, 5


@cell
def add_weighted(s: Numbers, at: int, x: float, weight: float) -> None:
    """Take x into the mean and the squares; a weight that is not above 0 counts as none."""
    if weight > 0.0:
        s[at + WEIGHT] += weight
        delta = x - s[at + MEAN]
        s[at + MEAN] += delta * (weight / s[at + WEIGHT])
        s[at + SQUARES] += weight * delta * (x - s[at + MEAN])


@cell
def running_variance(s: Numbers, at: int, x: float, weight: float) -> tuple[float, float]:
    """Mean and variance of all values so far; NaN while nothing weighs. State (5)."""
    add_weighted(s, at, x, weight)
    if s[at + WEIGHT] > 0.0:
        return s[at + MEAN], s[at + SQUARES] / s[at + WEIGHT]
    return nan, nan


@cell
def weighted_variance(s: Numbers, at: int, x: float, weight: float, n: int) -> tuple[float, float]:
    """Mean and variance of the last `n` values; NaN before there are n and while nothing weighs.

    State (3 n + 5): values seen up to n, place in the block, its weight, mean and squares, then
    up to the place its weights and values, behind it those of the rest of the block before.
    """
    add_weighted(s, at, x, weight)
    place = int(s[at + PLACE])
    weights = at + ROWS
    values, rests = weights + n, weights + n + n
    s[weights + place] = weight
    s[values + place] = x
    place += 1
    if s[at] < n:
        s[at] += 1.0
    total, mean, squares = s[at + WEIGHT], s[at + MEAN], s[at + SQUARES]
    if place < n and s[weights + place] > 0.0:
        total += s[weights + place]
        share = s[weights + place] / total
        gap = s[values + place] - mean
        squares += s[rests + place] + gap * gap * s[at + WEIGHT] * share
        mean += gap * share
    s[at + PLACE] = place
    if place == n:
        end_weighted_block(s, at, n)
    if s[at] < n or not total > 0.0:
        return nan, nan
    return mean, squares / total


@cell
def end_weighted_block(s: Numbers, at: int, n: int) -> None:
    """The block is full: what each of its ends weighs, its mean and squares; a new one begins."""
    weights = at + ROWS
    values, rests = weights + n, weights + n + n
    s[at + PLACE] = s[at + WEIGHT] = s[at + MEAN] = s[at + SQUARES] = 0.0
    for k in range(n - 1, -1, -1):
        add_weighted(s, at, s[values + k], s[weights + k])
        s[weights + k] = s[at + WEIGHT]
        s[values + k] = s[at + MEAN]
        s[rests + k] = s[at + SQUARES]
    s[at + WEIGHT] = s[at + MEAN] = s[at + SQUARES] = 0.0


RUNNING_VARIANCE_SIZE = ROWS


def weighted_variance_size(n: int) -> int:
    """Numbers of state that `weighted_variance` needs."""
    return 3 * n + ROWS
