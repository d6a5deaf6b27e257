"""Prices of a run on an even grid of time: what marks equity and measures excursions of trades.

Filled from the same rows that the engine gets, while it gets them. The grid is as fine as a minute
or a bar and never has more than `MOST_CELLS` cells, so that its memory is bounded.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.kernels.bars.price_cells import CLOSE, HIGH, LOW, add_prices

MOST_CELLS = 600_000
STEPS_S = (
    1,
    5,
    15,
    60,
    180,
    300,
    900,
    1_800,
    3_600,
    7_200,
    14_400,
    28_800,
    43_200,
    86_400,
    604_800,
)
"""Lengths a cell may have."""

Floats = NDArray[np.float64]


def grid_step_s(span_s: int, least_s: int, most_cells: int) -> int:
    """The finest length of a cell that is not below `least_s` and gives few enough cells."""
    for step_s in STEPS_S:
        if step_s >= least_s and span_s // step_s < most_cells:
            return step_s
    return STEPS_S[-1]


class PriceGrid:
    """Cells of [start, stop) for every instrument of a table."""

    def __init__(self, table: InstrumentTable, span_ns: tuple[int, int], least_s: int) -> None:
        self._table = table
        start_s, stop_s = span_ns[0] // NS_PER_S, -(-span_ns[1] // NS_PER_S)
        self.step_s = grid_step_s(stop_s - start_s, least_s, MOST_CELLS)
        self.origin_s = start_s // self.step_s * self.step_s
        self.count = max(1, -(-(stop_s - self.origin_s) // self.step_s))
        self._cells = np.zeros((len(table), 3, self.count), np.int64)

    def add(self, rows: EventArray) -> None:
        """Let rows count."""
        add_prices(rows, self.origin_s * NS_PER_S, self.step_s * NS_PER_S, self._cells)

    def cell(self, time_ns: int) -> int:
        """The cell that holds a time, the first or last one for times outside."""
        place = (time_ns - 1 - self.origin_s * NS_PER_S) // (self.step_s * NS_PER_S)
        return min(max(0, place), self.count - 1)

    def times_ns(self, every: int = 1) -> NDArray[np.int64]:
        """Ends of every so many cells, the start of the grid first."""
        ends = np.arange(0, self.count + every, every, dtype=np.int64)
        return (self.origin_s + np.minimum(ends, self.count) * self.step_s) * NS_PER_S

    def closes(self, index: int, every: int = 1) -> Floats:
        """The last price known at each of `times_ns(every)`; before the first price that one, NaN
        when there is none at all.
        """
        ticks = self._cells[index, CLOSE]
        known = np.flatnonzero(ticks)
        if not len(known):
            return np.full(len(self.times_ns(every)), np.nan)
        places = np.searchsorted(known, np.arange(self.count), "right") - 1
        filled = ticks[known[np.maximum(places, 0)]]
        whole = np.concatenate([filled[:1], filled])
        picked = np.minimum(np.arange(0, self.count + every, every), self.count)
        return self._price(index, whole[picked])

    def range(self, index: int, first_ns: int, last_ns: int) -> tuple[float, float]:
        """Lowest and highest price from the cell of one time to the cell before that of another;
        NaN when nothing traded there.
        """
        first, last = self.cell(first_ns), self.cell(last_ns)
        high = self._cells[index, HIGH, first:last]
        low = self._cells[index, LOW, first:last]
        traded = low > 0
        if not traded.any():
            return float("nan"), float("nan")
        lowest, highest = int(low[traded].min()), int(high.max())
        instrument = self._table[index]
        return instrument.price_float(lowest), instrument.price_float(highest)

    def _price(self, index: int, ticks: NDArray[np.int64]) -> Floats:
        prices: Floats = ticks.astype(np.float64) * self._table[index].price_float(1)
        return prices
