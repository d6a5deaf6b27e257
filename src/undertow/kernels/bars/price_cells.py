"""Highest, lowest and last price of every cell of an even grid of time, out of market rows."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.compiled import compiled

TRADE = int(EventKind.TRADE)
BAR = int(EventKind.BAR)
CLOSE, HIGH, LOW = 0, 1, 2


@compiled
def add_prices(rows: EventArray, origin_ns: int, step_ns: int, cells: NDArray[np.int64]) -> None:
    """Let trades and closed bars count in their cells.

    cells: (instruments, 3, n) ticks: last, highest and lowest price, 0 = none yet. Cell k holds
    event times in (origin + k * step, origin + (k + 1) * step], so that a bar which ends with a
    cell belongs to it. Rows outside of the grid are passed over.
    """
    for i in range(len(rows)):
        row = rows[i]
        if row.kind == TRADE:
            high = row.price_ticks
            low = row.price_ticks
        elif row.kind == BAR:
            high = row.price_b
            low = row.qty_b
        else:
            continue
        after_ns = row.event_time_ns - 1 - origin_ns
        k = after_ns // step_ns
        if after_ns < 0 or k >= cells.shape[2]:
            continue
        cell = cells[np.int64(row.instrument)]
        cell[CLOSE, k] = row.price_ticks
        if high > cell[HIGH, k]:
            cell[HIGH, k] = high
        if cell[LOW, k] == 0 or low < cell[LOW, k]:
            cell[LOW, k] = low
