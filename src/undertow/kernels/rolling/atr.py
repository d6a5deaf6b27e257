"""Average true range with Wilder's smoothing; the first bar has no true range, as in TA-Lib."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

Bar3 = tuple[float, float, float]
"""High, low, close."""

AtrState = tuple[int, float, float, float]
"""True ranges seen up to `period` (-1 before the first bar), last close, average, output."""

ATR_START: AtrState = (-1, 0.0, 0.0, nan)


def atr_step(bar: Bar3, period: int, share: float, state: AtrState) -> AtrState:
    """One bar, share = 1 / n: range = max(high, last close) - min(low, last close);
    average = average * (1 - share) + range * share.
    """
    high, low, close = bar
    count, before, average, _ = state
    if count < 0:
        return 0, close, 0.0, nan
    top = high if high > before else before
    bottom = low if low < before else before
    if count == period:
        average = average * (1.0 - share) + (top - bottom) * share
        return count, close, average, average
    count += 1
    average += top - bottom
    if count < period:
        return count, close, average, nan
    average /= period
    return count, close, average, average


compiled_step = compiled(atr_step)


@compiled
def atr(
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    close: NDArray[np.float64],
    period: int,
    share: float,
    state: AtrState,
    out: NDArray[np.float64],
) -> AtrState:
    """All bars; `out` has shape (1, n)."""
    for i in range(len(close)):
        state = compiled_step((high[i], low[i], close[i]), period, share, state)
        out[0, i] = state[3]
    return state
