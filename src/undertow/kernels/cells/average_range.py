"""Wilder's average true range of bars."""

from math import nan

from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE, true_range
from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE, wilder_average
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

AVERAGE_RANGE_SIZE = TRUE_RANGE_SIZE + WILDER_AVERAGE_SIZE


@cell
def average_range(s: Numbers, at: int, x: Numbers, n: int) -> float:
    """Average true range of bars whose high, low and close stand in `x`; NaN for the first n.

    State (6): a `true_range`, a `wilder_average`.
    """
    span = true_range(s, at, x[0], x[1], x[2])
    return wilder_average(s, at + TRUE_RANGE_SIZE, span, n) if span == span else nan
