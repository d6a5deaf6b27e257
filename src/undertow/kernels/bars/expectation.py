"""The exponentially weighted mean of the last values of a ring, as information bars use it.

Adjusted weights (1 - a)^k over the slice, a = 2 / (span + 1). Weights and values are summed in the
same order, so that ones have a mean of exactly 1, and a strict comparison with it is strict."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled


@compiled
def remember(ring: NDArray[np.float64], count: int, value: float) -> None:
    """Write value number `count` (from 0) into the ring."""
    ring[count % len(ring)] = value


@compiled
def fold(
    values: NDArray[np.float64], first: int, stop: int, keep: float, total: float, weight: float
) -> tuple[float, float]:
    """Take values[first:stop] into a weighted sum and its weights, the oldest first.

    Four at a time: each step of the sum waits for the one before, the steps within a four do not.
    """
    fourth = keep * keep * keep * keep
    block = ((keep + 1.0) * keep + 1.0) * keep + 1.0
    whole = first + (stop - first) // 4 * 4
    for k in range(first, whole, 4):
        four = ((values[k] * keep + values[k + 1]) * keep + values[k + 2]) * keep + values[k + 3]
        total = total * fourth + four
        weight = weight * fourth + block
    for k in range(whole, stop):
        total = total * keep + values[k]
        weight = weight * keep + 1.0
    return total, weight


@compiled
def ring_mean(ring: NDArray[np.float64], count: int, span: float) -> float:
    """Mean of the last min(count, len(ring)) of `count` values; a span of 0 is their number."""
    room = len(ring)
    held = min(count, room)
    keep = 1.0 - 2.0 / ((span if span > 0.0 else float(held)) + 1.0)
    first = (count - held) % room
    total, weight = fold(ring, first, min(first + held, room), keep, 0.0, 0.0)
    total, weight = fold(ring, 0, max(0, first + held - room), keep, total, weight)
    return total / weight
