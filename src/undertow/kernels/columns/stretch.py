"""Stretches: how much of a column is gone over at a time by a sweep of several passes."""

from math import gcd

from undertow.kernels.compiled import cell

STRETCH = 512
"""Values; few enough to stay in the nearest memory until the last pass."""


@cell
def whole_blocks(n: int) -> int:
    """Values of a stretch of whole blocks of `n`: so each but the first begins with a block."""
    return n * (1 + STRETCH // n)


@cell
def common_blocks(n: int, m: int) -> int:
    """Values of a stretch of whole blocks of both lengths, or of the longer one where that would be
    long.
    """
    both = n * m // gcd(n, m)
    return whole_blocks(both if both <= 4 * STRETCH else max(n, m))
