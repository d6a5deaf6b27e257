"""The heatmap of resting quantity: a photograph of the book every few seconds (FLOW-09).

Rows are a power of two of ticks high, the smallest that is at least the configured share of the
price, and lie on multiples of their size. Half of them go down from the best bid's row, half go up
from the best ask's, so bids and asks never share a cell. What lies farther out is left out."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import (
    book_keys_of,
    book_lots_of,
    heat_lots_of,
    heat_of,
    instruments_of,
    samples_of,
)
from undertow.kernels.flow.layout import Record


@compiled
def row_shift(ticks: int, row_bps: int) -> int:
    """Power of two of ticks that is at least `row_bps` of a price."""
    shift = 0
    while 10_000.0 * float(1 << shift) < float(row_bps) * float(ticks):
        shift += 1
    return shift


@compiled
def add_rows(
    cells: NDArray[np.float32],
    keys: NDArray[np.int64],
    lots: NDArray[np.int64],
    count: int,
    shift: int,
) -> None:
    """Add a side's levels to its cells, the best one's row first."""
    best_row = abs(keys[count - 1]) >> shift
    for place in range(count - 1, -1, -1):
        row = abs((abs(keys[place]) >> shift) - best_row)
        if row >= len(cells):
            return
        cells[row] += lots[place]


@compiled
def add_column(run: Record, index: int, now_s: int) -> None:
    """Photograph a synced book with two sides when the next column is due."""
    sample = samples_of(run)[index]
    if now_s < sample.heat_due_s:
        return
    sample.heat_due_s = (now_s // run.heat_every_s + 1) * run.heat_every_s
    slot = sample.heat_columns % run.heat_columns
    sample.heat_columns += 1
    instrument = instruments_of(run)[index]
    column = heat_of(run)[index, slot]
    cells = heat_lots_of(run)[index, slot]
    keys = book_keys_of(run)[index]
    lots = book_lots_of(run)[index]
    cells[:] = 0.0
    shift = row_shift(instrument.bid_ticks, run.heat_row_bps)
    column.sampled_s = now_s
    column.shift = shift
    column.bid_row = instrument.bid_ticks >> shift
    column.ask_row = instrument.ask_ticks >> shift
    half = run.heat_rows // 2
    add_rows(cells[:half], keys[0], lots[0], instrument.bid_levels, shift)
    add_rows(cells[half:], keys[1], lots[1], instrument.ask_levels, shift)
