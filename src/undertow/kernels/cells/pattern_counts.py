"""Which of the six orders three values in a row can stand in, counted over a window."""

from math import nan

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

ORDERS = 6


@cell
def order_of(first: float, second: float, third: float) -> int:
    """Number of the order of three values, 0 to 5; of equal ones the earlier counts as smaller."""
    return (first > second) * 3 + (first > third) + (second > third)


@cell
def pattern_entropy(s: Numbers, at: int, x: float, n: int, parts: Numbers) -> float:
    """Entropy of the orders in the last `n` triples; NaN before there are n.

    `parts[1 + c]` is what an order that was seen c times in n adds to it. State (n + 10): triples
    seen up to n, place in the ring, the two values before, six counts, ring of orders.
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
    s[at + 1] = place + 1 if place + 1 < n else 0
    if s[at] < n + 2.0:
        return nan
    total = 0.0
    for k in range(ORDERS):
        total += parts[1 + int(s[counts + k])]
    return total


def pattern_entropy_size(n: int) -> int:
    """Numbers of state that `pattern_entropy` needs."""
    return n + ORDERS + 4
