"""`window_max` and `window_min` over whole columns."""

from math import inf

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.window_extreme import window_max, window_min
from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.window_sums import begin_blocks
from undertow.kernels.compiled import cell

Column = NDArray[np.float64]


@cell
def window_extremes(x: Column, n: int, side: float, s: Column, out: Column) -> bool:
    """out = `window_max` of the last n with side 1, `window_min` with -1; False without a number.

    A smallest value is the largest of the mirrored ones, as in the cell.
    """
    behind = np.full(n + 1, -inf)
    start = i = begin_blocks(n, s)
    for k in range(min(start, len(x))):
        out[k] = extreme(s, x[k], n, side)
    for k in range(n):
        behind[k] = s[3 + k]
    while i + n <= len(x):
        values, answers = x[i : i + n], out[i : i + n]
        top = side * values[0]
        for k in range(n):
            value = side * values[k]
            top = max(top, value)
            answers[k] = side * max(behind[k + 1], top)
        top = side * values[n - 1]
        for k in range(n - 1, -1, -1):
            top = max(side * values[k], top)
            behind[k] = top
        i += n
    if i > start:
        for k in range(n):
            s[3 + k] = behind[k]
    for k in range(i, len(x)):
        out[k] = extreme(s, x[k], n, side)
    return holes(x) == 0


@cell
def extreme(s: Column, x: float, n: int, side: float) -> float:
    """The cell of a side."""
    return window_max(s, 0, x, n) if side > 0.0 else window_min(s, 0, x, n)
