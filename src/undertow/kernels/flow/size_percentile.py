"""Percentile of the sizes of levels, without sorting them all.

The historical quantile (type 7: linear between the two nearest ranks). Only the sizes above the
wanted rank are kept in order, which are few for the high percentiles that walls are found by."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled


@compiled
def keep_largest(
    lots: NDArray[np.int64], first: int, count: int, tops: NDArray[np.int64], held: int
) -> int:
    """Let lots[first:count] join the largest sizes, `tops` ascending; returns how many it holds."""
    room = len(tops)
    for place in range(first, count):
        value = lots[place]
        if held < room:
            spot = held
            while spot > 0 and tops[spot - 1] > value:
                tops[spot] = tops[spot - 1]
                spot -= 1
            tops[spot] = value
            held += 1
        elif value > tops[0]:
            spot = 0
            while spot + 1 < room and tops[spot + 1] < value:
                tops[spot] = tops[spot + 1]
                spot += 1
            tops[spot] = value
    return held


@compiled
def tops_needed(count: int, percentile: int) -> int:
    """How many of the largest of `count` values decide the percentile."""
    return int(count - (count - 1) * percentile // 100)


@compiled
def percentile_of(tops: NDArray[np.int64], count: int, percentile: int) -> float:
    """The percentile of `count` values whose `tops_needed` largest are in `tops`, ascending."""
    rank = (count - 1) * percentile
    share = float(rank % 100) / 100.0
    low = float(tops[0])
    if share == 0.0:
        return low
    return low + share * (float(tops[1]) - low)
