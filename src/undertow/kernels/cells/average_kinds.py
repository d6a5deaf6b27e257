"""A moving average of a chosen kind; the numbers of the kinds are TA-Lib's."""

from math import nan

from undertow.kernels.cells.average import average
from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.weighted_sum import weighted_sum, weighted_sum_size
from undertow.kernels.cells.wilder_average import wilder_average
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

SIMPLE, EXPONENTIAL, WEIGHTED, WILDER = 0, 1, 2, 13
KINDS = (SIMPLE, EXPONENTIAL, WEIGHTED, WILDER)


@cell
def exponential(s: Numbers, at: int, x: float, n: int) -> float:
    """Exponential average with weight 2 / (n + 1), seeded with the mean of n. State (2)."""
    return average(s, at, x, n, 2.0 / (n + 1.0))


@cell
def average_of_kind(s: Numbers, at: int, x: float, n: int, kind: int) -> float:
    """Simple, exponential, weighted or Wilder's average; NaN before there are n values.

    State: `average_of_kind_size(n)` numbers, whatever the kind.
    """
    if kind == SIMPLE:
        return block_sum(s, at, x, n) / n
    if kind == EXPONENTIAL:
        return exponential(s, at, x, n)
    if kind == WEIGHTED:
        return weighted_sum(s, at, x, n) / (n * (n + 1) // 2)
    if kind == WILDER:
        return wilder_average(s, at, x, n)
    return nan


def average_of_kind_size(n: int) -> int:
    """Numbers of state that `average_of_kind` needs."""
    return max(block_sum_size(n), weighted_sum_size(n))
