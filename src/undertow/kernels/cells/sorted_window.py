"""The last n values in order of size: medians, quantiles, ranks."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers


@cell
def count_below(s: Numbers, first: int, count: int, x: float) -> int:
    """How many of `count` ascending numbers from `first` on are smaller than x."""
    low = 0
    while count > 1:
        half = count // 2
        # A choice instead of a branch: which way it goes cannot be foretold.
        low += half if s[first + low + half - 1] < x else 0
        count -= half
    if count == 1 and s[first + low] < x:
        low += 1
    return low


@cell
def sorted_window(s: Numbers, at: int, x: float, n: int) -> int:
    """Put `x` in; where the ascending numbers begin in `s`, or -1 before there are n.

    State (2 n + 2): values seen up to n, place in the ring, ring, the same values ascending. The
    new value takes the place of the oldest by shifting what lies between them.
    """
    place = int(s[at + 1])
    ring = at + 2
    first = ring + n
    seen = int(s[at])
    hole = seen
    if seen == n:
        hole = count_below(s, first, n, s[ring + place])
    s[ring + place] = x
    s[at + 1] = (place + 1) % n
    wanted = count_below(s, first, seen, x)
    if wanted > hole:
        wanted -= 1
        for k in range(hole, wanted):
            s[first + k] = s[first + k + 1]
    else:
        for k in range(hole, wanted, -1):
            s[first + k] = s[first + k - 1]
    s[first + wanted] = x
    if seen < n:
        s[at] = seen + 1
        if seen + 1 < n:
            return -1
    return first


@cell
def sorted_quantile(s: Numbers, first: int, n: int, share: float) -> float:
    """The value below which a share of `n` ascending numbers lies, between two in proportion.

    Position share * (n - 1), as numpy's default; share 0.5 is the median.
    """
    position = share * (n - 1)
    k = int(position)
    if k + 1 >= n:
        return float(s[first + n - 1])
    low = s[first + k]
    return float(low + (position - k) * (s[first + k + 1] - low))


@cell
def sorted_deviation(s: Numbers, first: int, n: int, centre: float) -> float:
    """Median of the distances of `n` ascending numbers from `centre`."""
    above = count_below(s, first, n, centre)
    below = above - 1
    before = value = nan
    for _ in range(n // 2 + 1):
        before = value
        if below < 0 or (above < n and s[first + above] - centre < centre - s[first + below]):
            value = s[first + above] - centre
            above += 1
        else:
            value = centre - s[first + below]
            below -= 1
    return float(value if n % 2 == 1 else (before + value) / 2.0)


def sorted_window_size(n: int) -> int:
    """Numbers of state that `sorted_window` needs."""
    return 2 * n + 2
