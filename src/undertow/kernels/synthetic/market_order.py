"""A market order against one synthetic book: walks the levels and writes a TRADE row for each."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.synthetic.book_layout import (
    KEPT_LEVELS,
    KIND_TRADE,
    LOTS,
    TICKS,
    TRADE_ID,
    WALL_ACTIVE,
    WALL_IN_BOOK,
    WALL_RESERVE,
    WALL_SIDE,
    WALL_TICKS,
)


@compiled
def take(
    i: int,
    side: int,
    lots: int,
    most_levels: int,
    time_ns: int,
    n: int,
    book: NDArray[np.int64],
    counters: NDArray[np.int64],
    wall: NDArray[np.int64],
    rows: NDArray[np.void],
) -> tuple[int, int, int]:
    """Take up to `lots` from instrument `i`; side +1 buys from the asks, -1 sells to the bids.

    Stops after `most_levels` levels and before the last `KEPT_LEVELS`; the rest of the order is
    dropped, as with IOC. Lots taken at a wall's price come off the wall first. Returns the next
    free row, lots filled and the last price in ticks (0 = nothing filled). Writes `rows[n:]`.
    """
    s = (side + 1) // 2
    levels = counters[i, s]
    left = lots
    k = 0
    last = 0
    while left > 0 and k < most_levels and k < levels - KEPT_LEVELS:
        last = book[i, s, k, TICKS]
        taken = min(left, book[i, s, k, LOTS])
        if wall[i, WALL_ACTIVE] and wall[i, WALL_SIDE] == s and wall[i, WALL_TICKS] == last:
            from_wall = min(taken, wall[i, WALL_IN_BOOK])
            wall[i, WALL_IN_BOOK] -= from_wall
            wall[i, WALL_RESERVE] -= from_wall
        left -= taken
        counters[i, TRADE_ID] += 1
        row = rows[n]
        row["event_time_ns"] = time_ns
        row["price_ticks"] = last
        row["qty_lots"] = taken
        row["price_b"] = 0
        row["qty_b"] = 0
        row["sequence"] = counters[i, TRADE_ID]
        row["instrument"] = i
        row["kind"] = KIND_TRADE
        row["side"] = side
        row["flags"] = 0
        n += 1
        if taken < book[i, s, k, LOTS]:
            book[i, s, k, LOTS] -= taken
            break
        k += 1
    if k:
        for j in range(k, levels):
            book[i, s, j - k, TICKS] = book[i, s, j, TICKS]
            book[i, s, j - k, LOTS] = book[i, s, j, LOTS]
        counters[i, s] = levels - k
    return n, lots - left, last
