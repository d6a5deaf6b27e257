"""The last n values in order of size: medians, quantiles, ranks."""

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
    s[at + 1] = place + 1 if place + 1 < n else 0
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
    """Median of the distances of `n` ascending numbers from `centre`.

    Below and above the centre the distances stand in order already: of the n // 2 + 1 smallest,
    halving finds how many come from below.
    """
    lower = count_below(s, first, n, centre)
    above, below = first + lower, first + lower - 1
    wanted = n // 2 + 1
    least, most = max(0, wanted - (n - lower)), min(wanted, lower)
    while least < most:
        taken = (least + most) // 2
        if centre - s[below - taken] < s[above + wanted - 1 - taken] - centre:
            least = taken + 1
        else:
            most = taken
    from_below = centre - s[below - least + 1] if least > 0 else -1.0
    from_above = s[above + wanted - 1 - least] - centre if least < wanted else -1.0
    if n % 2 == 1:
        return float(max(from_below, from_above))
    if from_below > from_above:
        before = centre - s[below - least + 2] if least > 1 else -1.0
        return float((from_below + max(before, from_above)) / 2.0)
    before = s[above + wanted - 2 - least] - centre if least + 1 < wanted else -1.0
    return float((from_above + max(before, from_below)) / 2.0)


def sorted_window_size(n: int) -> int:
    """Numbers of state that `sorted_window` needs."""
    return 2 * n + 2
