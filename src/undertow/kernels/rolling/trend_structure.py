"""Strictly rising or falling bars: +1 higher highs and higher lows, -1 lower ones, else 0."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

TrendState = tuple[int, float, float, int, int, float]
"""Bars seen up to `count`, last high, last low, length of the run up and down; output."""

TREND_START: TrendState = (0, 0.0, 0.0, 0, 0, nan)


def trend_structure_step(high: float, low: float, count: int, state: TrendState) -> TrendState:
    """One bar; `count` bars make count - 1 steps, all of which must go the same way."""
    seen, last_high, last_low, up, down, _ = state
    if seen > 0:
        up = up + 1 if high > last_high and low > last_low else 0
        down = down + 1 if high < last_high and low < last_low else 0
    if seen < count:
        seen += 1
    if seen < count:
        return seen, high, low, up, down, nan
    trend = 0.0
    if up >= count - 1:
        trend = 1.0
    elif down >= count - 1:
        trend = -1.0
    return seen, high, low, up, down, trend


compiled_step = compiled(trend_structure_step)


@compiled
def trend_structure(
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    count: int,
    state: TrendState,
    out: NDArray[np.float64],
) -> TrendState:
    """All bars; `out` has shape (1, n)."""
    for i in range(len(high)):
        state = compiled_step(high[i], low[i], count, state)
        out[0, i] = state[5]
    return state
