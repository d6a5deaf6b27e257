"""Highest and lowest of the last n values, and how long ago they were."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def window_max(s: Numbers, at: int, x: float, n: int) -> float:
    """Largest of the last `n` values; NaN before there are n.

    State (n + 3): values seen up to n, place in the block, largest of the block, ring. A window is
    the end of one block of n and the start of the next (van Herk 1992; Gil and Werman 1993), so the
    cost does not depend on n: behind the place the ring holds what is largest from there on.
    """
    place = s[at + 1]  # a float, as in `block_sum`
    ring = at + 3
    here = ring + int(place)
    top = max(s[at + 2], x) if place > 0.0 else x
    s[here] = x
    place += 1.0
    value = top
    if place < n:
        value = max(s[here + 1], top)
    else:
        place = 0.0
        behind = x
        for k in range(n - 2, -1, -1):
            behind = max(s[ring + k], behind)
            s[ring + k] = behind
    s[at + 1] = place
    s[at + 2] = top
    if s[at] < n:
        s[at] += 1.0
        if s[at] < n:
            return nan
    return float(value)


@cell
def window_min(s: Numbers, at: int, x: float, n: int) -> float:
    """Smallest of the last `n` values; NaN before there are n. State (n + 3) as `window_max`."""
    return -window_max(s, at, -x, n)


def window_extreme_size(n: int) -> int:
    """Numbers of state that `window_max` and `window_min` need."""
    return n + 3


@cell
def bars_since_max(s: Numbers, at: int, x: float, n: int, newest: int) -> float:
    """Values since the largest of the last `n`, 0 = it is this one; NaN before there are n.

    Of equal ones `newest` = 1 takes the newest, as TA-Lib's AROON; with 0 the rule of TA-Lib's
    MAXINDEX holds: the oldest when the window has to be searched, else the newest. State (n + 3):
    values seen up to n, place in the ring, values since, ring. The window is searched only when the
    largest has left it.
    """
    place = int(s[at + 1])
    ring = at + 3
    s[ring + place] = x
    s[at + 1] = place + 1 if place + 1 < n else 0
    if s[at] < n:
        s[at] += 1.0
        s[at + 2] = n
        if s[at] < n:
            return nan
    since = int(s[at + 2]) + 1
    if since < n:
        before = place - since if since <= place else place - since + n
        if x >= s[ring + before]:
            since = 0
    else:
        since = n - 1
        top = s[at + 3 + int(s[at + 1])]
        for k in range(n - 2, -1, -1):
            other = s[ring + (place - k if k <= place else place - k + n)]
            if other > top or (newest == 1 and other == top):
                top = other
                since = k
    s[at + 2] = since
    return float(since)


@cell
def bars_since_min(s: Numbers, at: int, x: float, n: int, newest: int) -> float:
    """Values since the smallest of the last `n`; everything else as `bars_since_max`."""
    return bars_since_max(s, at, -x, n, newest)


def bars_since_size(n: int) -> int:
    """Numbers of state that `bars_since_max` and `bars_since_min` need."""
    return n + 3
