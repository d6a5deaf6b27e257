"""Trend by confirmed swing points: the last two highs and the last two lows, compared.

A swing high of strength s is above the s bars before it and not below the s bars after it (so a
plateau counts once, at its first bar); it is known s bars later and never changes afterwards. A
swing low is its mirror.
"""

from collections.abc import MutableSequence, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

SwingState = tuple[int, float, float, float, float, float]
"""Bars seen up to 2s, last high and the one before, last low and the one before; output."""

SWING_START: SwingState = (0, nan, nan, nan, nan, nan)


def swing_trend_step(
    high: float,
    low: float,
    strength: int,
    state: SwingState,
    slots: Sequence[MutableSequence[float]] | NDArray[np.float64],
) -> SwingState:
    """One bar. `slots` has 2 rows of 2s + 1: the last highs and lows, oldest first."""
    seen, high_now, high_then, low_now, low_then, _ = state
    highs, lows = slots[0], slots[1]
    last = 2 * strength
    for i in range(last):
        highs[i], lows[i] = highs[i + 1], lows[i + 1]
    highs[last], lows[last] = high, low
    if seen < last:
        return seen + 1, high_now, high_then, low_now, low_then, nan
    top, bottom = highs[strength], lows[strength]
    is_top = is_bottom = True
    for i in range(strength):
        is_top = is_top and highs[i] < top and highs[last - i] <= top
        is_bottom = is_bottom and lows[i] > bottom and lows[last - i] >= bottom
    if is_top:
        high_now, high_then = top, high_now
    if is_bottom:
        low_now, low_then = bottom, low_now
    trend = 0.0
    if high_now > high_then and low_now > low_then:
        trend = 1.0
    elif high_now < high_then and low_now < low_then:
        trend = -1.0
    return seen, high_now, high_then, low_now, low_then, trend


compiled_step = compiled(swing_trend_step)


@compiled
def swing_trend(
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    strength: int,
    state: SwingState,
    slots: NDArray[np.float64],
    out: NDArray[np.float64],
) -> SwingState:
    """All bars; `out` has shape (1, n)."""
    for i in range(len(high)):
        state = compiled_step(high[i], low[i], strength, state, slots)
        out[0, i] = state[5]
    return state
