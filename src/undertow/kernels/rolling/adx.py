"""Average directional index and the two directional indicators, in TA-Lib's convention.

Sums of directional movement and true range start with the first n - 1 values and then go on as
S = S - S / n + x; the indicators speak from bar n, the index from bar 2n - 1 as the mean of n
values of DX, then with Wilder's smoothing.
"""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

Bar3 = tuple[float, float, float]
"""High, low, close."""

AdxState = tuple[int, float, float, float, float, float, float, float, float, float, float]
"""Bars seen up to 2n; last high, low, close; sums of +DM, -DM, TR; DX sum then average; ADX,
+DI, -DI."""

ADX_START: AdxState = (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, nan, nan, nan)


def adx_step(bar: Bar3, period: int, state: AdxState) -> AdxState:
    """One bar. Where there was no range or no movement DX is left out, as in TA-Lib."""
    high, low, close = bar
    count, last_high, last_low, last_close, plus, minus, span, average, _, _, _ = state
    if count == 0:
        return 1, high, low, close, 0.0, 0.0, 0.0, 0.0, nan, nan, nan
    if count >= period:
        plus -= plus / period
        minus -= minus / period
        span -= span / period
    up, down = high - last_high, last_low - low
    plus += up if up > down and up > 0.0 else 0.0
    minus += down if down > up and down > 0.0 else 0.0
    span += max(high, last_close) - min(low, last_close)
    if count < period:
        return count + 1, high, low, close, plus, minus, span, 0.0, nan, nan, nan
    plus_di = 100.0 * (plus / span) if span > 0.0 else 0.0
    minus_di = 100.0 * (minus / span) if span > 0.0 else 0.0
    both = plus_di + minus_di
    dx = 100.0 * (abs(minus_di - plus_di) / both) if both > 0.0 else -1.0
    if count < 2 * period:
        average += max(dx, 0.0)
        count += 1
        if count == 2 * period:
            average /= period
    elif dx >= 0.0:
        average = (average * (period - 1) + dx) / period
    index = average if count == 2 * period else nan
    return count, high, low, close, plus, minus, span, average, index, plus_di, minus_di


compiled_step = compiled(adx_step)


@compiled
def adx(
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    close: NDArray[np.float64],
    period: int,
    state: AdxState,
    out: NDArray[np.float64],
) -> AdxState:
    """All bars; `out` has shape (3, n): ADX, +DI, -DI."""
    for i in range(len(close)):
        state = compiled_step((high[i], low[i], close[i]), period, state)
        out[0, i] = state[8]
        out[1, i] = state[9]
        out[2, i] = state[10]
    return state
