"""`average_range` over whole columns."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average_range import average_range
from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE
from undertow.kernels.cells.wilder_average import BEFORE, EARLIER, LATEST, wilder_weights
from undertow.kernels.columns.holes import is_hole
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused

Column = NDArray[np.float64]

BARS = 64
"""Bars whose ranges are taken together before they are averaged one after another: so few that the
processor is at the ranges of the next ones meanwhile."""

_SEEN, _LATEST, _EARLIER, _BEFORE = (TRUE_RANGE_SIZE + k for k in (0, LATEST, EARLIER, BEFORE))


@cell
def average_ranges(
    high: Column, low: Column, close: Column, n: int, s: Column, out: Column
) -> bool:
    """out = `average_range(s, 0, x, n)` of bars x; False when it met a number that is none."""
    x = np.empty(3)
    missing = i = 0
    while i < len(close):
        if i > 0 and s[_SEEN] > n and len(close) - i >= BARS:
            missing += ranges_of_blocks(high[i:], low[i:], close[i - 1 :], n, s, out[i:])
            i += (len(close) - i) // BARS * BARS
        else:
            x[0], x[1], x[2] = high[i], low[i], close[i]
            missing += not isfinite(high[i] + low[i] + close[i])
            out[i] = average_range(s, 0, x, n)
            i += 1
    return missing == 0 and isfinite(s[_LATEST] + s[_EARLIER])


@cell
def ranges_of_blocks(
    high: Column, low: Column, close: Column, n: int, s: Column, out: Column
) -> int:
    """Go over whole blocks, `close` beginning one bar earlier; how many closes are no numbers.

    A high or a low that is none stays in the average, a close may be hidden by those.
    """
    keep, old, new = wilder_weights(n)
    value, earlier, before = s[_LATEST], s[_EARLIER], s[_BEFORE]
    bits = close.view(np.int64)
    missing = np.int64(0)
    i = 0
    while i + BARS <= len(high):
        top, bottom, answers = high[i : i + BARS], low[i : i + BARS], out[i : i + BARS]
        last, closes = close[i : i + BARS], bits[i + 1 : i + 1 + BARS]
        for k in range(BARS):
            span = top[k] - bottom[k]
            up, down = abs(top[k] - last[k]), abs(last[k] - bottom[k])
            span = up if up > span else span
            answers[k] = down if down > span else span
            missing += np.int64(is_hole(closes[k]))
        for k in range(BARS):
            latest, span = value, answers[k]
            value = fused(earlier, keep, fused(before, old, span * new))
            earlier, before = latest, span
            answers[k] = value
        i += BARS
    s[_LATEST], s[_EARLIER], s[_BEFORE] = value, earlier, before
    s[1] = close[i]
    return int(missing)
