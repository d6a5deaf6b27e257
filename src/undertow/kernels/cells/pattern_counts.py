"""Which of the six orders three values in a row can stand in, counted over a window."""

from math import log, nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

ORDERS = 6


@cell
def order_of(first: float, second: float, third: float) -> int:
    """Number of the order of three values, 0 to 5; of equal ones the earlier counts as smaller."""
    return (first > second) * 3 + (first > third) + (second > third)


@cell
def pattern_entropy(s: Numbers, at: int, x: float, n: int) -> float:
    """Entropy of the orders in the last `n` triples as a share of its maximum, 0 to 1.

    NaN before there are n triples. State (n + 10): triples seen up to n, place in the ring, the two
    values before, six counts, ring of orders. One value costs six logarithms.
    """
    first, second = s[at + 2], s[at + 3]
    s[at + 2], s[at + 3] = second, x
    if s[at] < 2.0:
        s[at] += 1.0
        return nan
    counts, place = at + 4, int(s[at + 1])
    ring = counts + ORDERS
    if s[at] == n + 2.0:
        s[counts + int(s[ring + place])] -= 1.0
    else:
        s[at] += 1.0
    order = order_of(first, second, x)
    s[ring + place] = order
    s[counts + order] += 1.0
    s[at + 1] = (place + 1) % n
    if s[at] < n + 2.0:
        return nan
    total = 0.0
    for k in range(ORDERS):
        share = s[counts + k] / n
        if share > 0.0:
            total -= share * log(share)
    return total / log(6.0)


def pattern_entropy_size(n: int) -> int:
    """Numbers of state that `pattern_entropy` needs."""
    return n + ORDERS + 4
