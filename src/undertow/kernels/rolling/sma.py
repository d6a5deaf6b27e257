"""Simple moving average without drift: nothing is ever subtracted from a running sum.

The column is cut in blocks of `period`. The sum of a window is the suffix of the block before
(summed once, backwards, when that block ended) plus the running sum of the current block. So the
work is three additions a value on average, and an outlier leaves no rounding residue behind it.
"""

from collections.abc import MutableSequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

SmaState = tuple[int, int, float, float]
"""Values seen up to `period`, place in the block, sum of the block so far, output."""

SMA_START: SmaState = (0, 0, 0.0, nan)


def sma_step(
    x: float,
    period: int,
    state: SmaState,
    slots: MutableSequence[float] | NDArray[np.float64],
) -> SmaState:
    """One value. `slots` (period numbers) holds values up to `place`, suffix sums behind it."""
    filled, place, ahead, _ = state
    ahead += x
    slots[place] = x
    place += 1
    if filled < period:
        filled += 1
    if place < period:
        total = ahead + slots[place]
    else:
        total = ahead
        for j in range(period - 2, -1, -1):
            slots[j] += slots[j + 1]
        place = 0
        ahead = 0.0
    return filled, place, ahead, total / period if filled == period else nan


compiled_step = compiled(sma_step)


@compiled
def sma(
    x: NDArray[np.float64],
    period: int,
    state: SmaState,
    slots: NDArray[np.float64],
    out: NDArray[np.float64],
) -> SmaState:
    """All values of `x`; `out` has shape (1, n)."""
    for i in range(len(x)):
        state = compiled_step(x[i], period, state, slots)
        out[0, i] = state[3]
    return state
