"""Exponential moving average, seeded with the simple mean of the first `period` values."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

EmaState = tuple[int, float, float]
"""Values seen up to `period`, sum of the first ones and then the average, output."""

EMA_START: EmaState = (0, 0.0, nan)


def ema_step(x: float, period: int, alpha: float, state: EmaState) -> EmaState:
    """One value: average += alpha * (x - average), in TA-Lib's order of operations."""
    count, average, _ = state
    if count == period:
        average += (x - average) * alpha
        return count, average, average
    count += 1
    average += x
    if count < period:
        return count, average, nan
    average /= period
    return count, average, average


compiled_step = compiled(ema_step)


@compiled
def ema(
    x: NDArray[np.float64], period: int, alpha: float, state: EmaState, out: NDArray[np.float64]
) -> EmaState:
    """All values of `x`; `out` has shape (1, n)."""
    for i in range(len(x)):
        state = compiled_step(x[i], period, alpha, state)
        out[0, i] = state[2]
    return state
