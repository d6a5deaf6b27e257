"""`window_max` of one column and `window_min` of another, a stretch at a time."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.window_extremes import window_extremes
from undertow.kernels.compiled import cell

Column = NDArray[np.float64]


@cell
def window_ranges(high: Column, low: Column, n: int, s: Column, top: Column, bottom: Column) -> int:
    """top = `window_max(s, 0, high, n)`, bottom = `window_min(s, n + 3, low, n)`; how many numbers
    it met that are none.
    """
    window_extremes(high, n, 1.0, s, top)
    window_extremes(low, n, -1.0, s[n + 3 :], bottom)
    return holes(high) + holes(low)
