"""Rolling mean and variance by Welford's updates, merged over two blocks; nothing is subtracted.

Welford (1962), Technometrics 4(3): mean and sum of squared deviations of a growing sample. A
window is the suffix of the block before and the current block so far, joined by the pairwise rule
of Chan, Golub and LeVeque (1983), The American Statistician 37(3). Unlike an update that removes
the oldest value, the result never goes negative, is exactly zero for a constant window, and
forgets an outlier entirely once it has left.
"""

from collections.abc import MutableSequence, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

VarianceState = tuple[int, int, float, float, float, float]
"""Values seen up to `period`, place in the block, mean and squares of the block; variance, mean."""

VARIANCE_START: VarianceState = (0, 0, 0.0, 0.0, nan, nan)


def rolling_variance_step(
    x: float,
    period: int,
    divisor: float,
    state: VarianceState,
    slots: Sequence[MutableSequence[float]] | NDArray[np.float64],
) -> VarianceState:
    """One value; variance = sum of squared deviations / divisor.

    `slots` has 2 rows of `period`: up to `place` the values of this block (row 0), behind it the
    suffix means (row 0) and suffix squares (row 1) of the block before.
    """
    filled, place, mean, squares, _, _ = state
    means, rests = slots[0], slots[1]
    means[place] = x
    place += 1
    delta = x - mean
    mean += delta * (1.0 / place)  # the division does not wait for the delta
    squares += delta * (x - mean)
    if filled < period:
        filled += 1
    if place < period:
        gap = means[place] - mean
        behind = period - place
        share = behind / period
        window_mean = mean + gap * share
        window_squares = squares + rests[place] + gap * gap * (place * share)
    else:
        window_mean, window_squares = mean, squares
        rests[period - 1] = 0.0
        for j in range(period - 2, -1, -1):
            delta = means[j] - means[j + 1]
            mean = means[j + 1] + delta * (1.0 / (period - j))
            rests[j] = rests[j + 1] + delta * (means[j] - mean)
            means[j] = mean
        place, mean, squares = 0, 0.0, 0.0
    if filled < period:
        return filled, place, mean, squares, nan, nan
    return filled, place, mean, squares, window_squares / divisor, window_mean


compiled_step = compiled(rolling_variance_step)


@compiled
def rolling_variance(
    x: NDArray[np.float64],
    period: int,
    divisor: float,
    state: VarianceState,
    slots: NDArray[np.float64],
    out: NDArray[np.float64],
) -> VarianceState:
    """All values of `x`; `out` has shape (2, n): variance, mean."""
    for i in range(len(x)):
        state = compiled_step(x[i], period, divisor, state, slots)
        out[0, i] = state[4]
        out[1, i] = state[5]
    return state
