"""`true_range` over whole columns."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.true_range import true_range
from undertow.kernels.columns.holes import is_hole
from undertow.kernels.compiled import cell

Column = NDArray[np.float64]


@cell
def true_ranges(high: Column, low: Column, close: Column, s: Column, out: Column) -> bool:
    """out = `true_range(s, 0, high, low, close)`; False when it met a number that is none.

    Each bar is free of the others, so that several are worked on at once.
    """
    last = len(close) - 1
    if last < 0:
        return True
    is_finite = isfinite(high[0] + low[0] + close[last])
    out[0] = true_range(s, 0, high[0], low[0], close[0])
    s[1] = close[last]
    before, top, bottom, spans = close[:last], high[1:], low[1:], out[1:]
    bits, tops, bottoms = before.view(np.int64), top.view(np.int64), bottom.view(np.int64)
    missing = np.int64(0)
    for k in range(last):
        span = top[k] - bottom[k]
        up, down = abs(top[k] - before[k]), abs(before[k] - bottom[k])
        span = up if up > span else span
        spans[k] = down if down > span else span
        missing += np.int64(is_hole(bits[k]) | is_hole(tops[k]) | is_hole(bottoms[k]))
    return is_finite and missing == 0
