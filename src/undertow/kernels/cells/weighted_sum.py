"""Sums over the last n values, plain and with weights that rise from 1 (the oldest) to n."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def weighted_sums(s: Numbers, at: int, x: float, n: int) -> tuple[float, float]:
    """1 * oldest + ... + n * newest of the last `n` values, and their sum; NaN before there are n.

    Divided by n (n + 1) / 2 the first is the weighted average. State (2 n + 4): values seen up to
    n, place in the block, rising sum and sum of the block, and behind the place the sums of the
    block before from there to its end. Nothing is subtracted, so an outlier leaves no residue.
    """
    count = s[at + 1]  # a float, as in `block_sum`
    plain, rising = at + 4, at + 4 + n
    place = int(count)
    s[plain + place] = x
    place += 1
    count += 1.0
    weighted = s[at + 2] + count * x
    total = s[at + 3] + x
    s[at + 1], s[at + 2], s[at + 3] = count, weighted, total
    weighted += (n - count) * total
    if count < n:
        weighted += s[rising + place]
        total += s[plain + place]
    else:
        s[rising + n - 1] = s[plain + n - 1]
        for k in range(n - 2, -1, -1):
            s[plain + k] += s[plain + k + 1]
            s[rising + k] = s[rising + k + 1] + s[plain + k]
        s[at + 1] = s[at + 2] = s[at + 3] = 0.0
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan, nan
    return weighted, total


@cell
def weighted_sum(s: Numbers, at: int, x: float, n: int) -> float:
    """The first of `weighted_sums`."""
    return weighted_sums(s, at, x, n)[0]


def weighted_sum_size(n: int) -> int:
    """Numbers of state that `weighted_sums` needs."""
    return 2 * n + 4
