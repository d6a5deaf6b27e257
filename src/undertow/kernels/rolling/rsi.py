"""Relative strength index with Wilder's smoothing, seeded as TA-Lib does."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

RsiState = tuple[int, float, float, float, float]
"""Changes seen up to `period` (-1 before the first close), last close, average gain and loss;
output."""

RSI_START: RsiState = (-1, 0.0, 0.0, 0.0, nan)


def rsi_step(close: float, period: int, share: float, state: RsiState) -> RsiState:
    """One close, share = 1 / n: averages = average * (1 - share) + x * share;
    100 * gain / (gain + loss), 50 where nothing moved.
    """
    count, before, gain, loss, _ = state
    if count < 0:
        return 0, close, 0.0, 0.0, nan
    change = close - before
    up = change if change > 0.0 else 0.0
    down = -change if change < 0.0 else 0.0
    if count < period:
        count += 1
        gain += up
        loss += down
        if count < period:
            return count, close, gain, loss, nan
        gain /= period
        loss /= period
    else:
        gain = gain * (1.0 - share) + up * share
        loss = loss * (1.0 - share) + down * share
    total = gain + loss
    return count, close, gain, loss, 100.0 * (gain / total) if total > 0.0 else 50.0


compiled_step = compiled(rsi_step)


@compiled
def rsi(
    close: NDArray[np.float64],
    period: int,
    share: float,
    state: RsiState,
    out: NDArray[np.float64],
) -> RsiState:
    """All closes; `out` has shape (1, n)."""
    for i in range(len(close)):
        state = compiled_step(close[i], period, share, state)
        out[0, i] = state[4]
    return state
