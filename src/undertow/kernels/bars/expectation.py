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
def ring_mean(ring: NDArray[np.float64], count: int, span: float) -> float:
    """Mean of the last min(count, len(ring)) of `count` values; a span of 0 is their number."""
    room = len(ring)
    held = min(count, room)
    keep = 1.0 - 2.0 / ((span if span > 0.0 else float(held)) + 1.0)
    total = 0.0
    weight = 0.0
    for k in range(count - held, count):
        total = total * keep + ring[k % room]
        weight = weight * keep + 1.0
    return total / weight
