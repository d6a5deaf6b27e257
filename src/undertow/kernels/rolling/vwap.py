"""Volume-weighted mean and deviation, anchored at the first bar or over a rolling window.

West (1979), Communications of the ACM 22(9): the weighted form of Welford's updates. A rolling
window is the suffix of the block before and the block so far, joined as in `rolling_variance`.
"""

from collections.abc import MutableSequence, Sequence
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

VwapState = tuple[int, int, float, float, float, float, float]
"""Bars seen up to `period`, place in the block, its volume, mean and squares; VWAP, sigma."""

VWAP_START: VwapState = (0, 0, 0.0, 0.0, 0.0, nan, nan)


def vwap_step(
    price: float,
    volume: float,
    period: int,
    state: VwapState,
    slots: Sequence[MutableSequence[float]] | NDArray[np.float64],
) -> VwapState:
    """One bar; period 0 = anchored, and `slots` (3 rows of `period`) is then not touched.

    sigma = sqrt(sum v * (price - vwap)**2 / sum v); NaN while no volume has traded.
    """
    filled, place, weight, mean, squares, _, _ = state
    if volume > 0.0:
        weight += volume
        delta = price - mean
        mean += delta * (volume / weight)
        squares += volume * delta * (price - mean)
    total, centre, spread = weight, mean, squares
    if period > 0:
        slots[0][place] = volume
        slots[1][place] = price
        place += 1
        if filled < period:
            filled += 1
        if place < period:
            total += slots[0][place]
            if total > 0.0:
                share = slots[0][place] / total
                gap = slots[1][place] - mean
                centre = mean + gap * share
                spread = squares + slots[2][place] + gap * gap * weight * share
        else:
            behind = around = beside = 0.0
            for j in range(period - 1, -1, -1):
                if slots[0][j] > 0.0:
                    behind += slots[0][j]
                    delta = slots[1][j] - around
                    around += delta * (slots[0][j] / behind)
                    beside += slots[0][j] * delta * (slots[1][j] - around)
                slots[0][j], slots[1][j], slots[2][j] = behind, around, beside
            place, weight, mean, squares = 0, 0.0, 0.0, 0.0
    if filled < period or not total > 0.0:
        return filled, place, weight, mean, squares, nan, nan
    return filled, place, weight, mean, squares, centre, sqrt(spread / total)


compiled_step = compiled(vwap_step)


@compiled
def vwap(
    price: NDArray[np.float64],
    volume: NDArray[np.float64],
    period: int,
    state: VwapState,
    slots: NDArray[np.float64],
    out: NDArray[np.float64],
) -> VwapState:
    """All bars; `out` has shape (2, n): VWAP, sigma."""
    for i in range(len(price)):
        state = compiled_step(price[i], volume[i], period, state, slots)
        out[0, i] = state[5]
        out[1, i] = state[6]
    return state
