"""Heatmap of resting quantity over time and price, from the book's columns (FLOW-09).

A column is a photograph of the book every few seconds (`kernels.flow.heat_column`). Columns whose
rows differ in height are added up to the highest, which loses nothing: rows lie on multiples of
their size.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.time import NS_PER_S


class Heatmap(msgspec.Struct, frozen=True):
    """Columns oldest first, rows ascending in price.

    times_ns (T,): when each column was seen. seconds (T,): for how long it stands: up to the next
    one, at most twice the usual distance, the last one for the usual distance. low_ticks (P,),
    prices (P,): lowest price of each row. row_ticks, row_height: height in ticks and in quote
    units. every_s: usual seconds between columns. bid_lots, ask_lots (T, P): resting.
    """

    times_ns: NDArray[np.int64]
    seconds: NDArray[np.float64]
    low_ticks: NDArray[np.int64]
    prices: NDArray[np.float64]
    row_ticks: int
    row_height: float
    every_s: int
    bid_lots: NDArray[np.float64]
    ask_lots: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.times_ns)

    @property
    def lots(self) -> NDArray[np.float64]:
        """Both sides together, (T, P)."""
        return self.bid_lots + self.ask_lots


def heatmap(
    columns: NDArray[np.void], lots: NDArray[np.float32], every_s: int, tick: float
) -> Heatmap:
    """The heatmap of (T,) `HEAT_COLUMN` and (T, rows) lots, oldest first; `tick` is in quote units.

    Empty arrays without a column."""
    if len(columns) != len(lots) or lots.ndim != 2 or lots.shape[1] % 2:
        raise CallerError(f"expected lots of {len(columns)} columns, found {lots.shape}")
    if len(columns) == 0:
        none = np.zeros((0, 0))
        empty = np.zeros(0, np.int64)
        return Heatmap(empty, np.zeros(0), empty, np.zeros(0), 1, tick, every_s, none, none)
    half = lots.shape[1] // 2
    shift = int(columns["shift"].max())
    coarser = (shift - columns["shift"])[:, None]
    away = np.arange(half)
    bid_rows = (columns["bid_row"][:, None] - away) >> coarser
    ask_rows = (columns["ask_row"][:, None] + away) >> coarser
    bids, asks = lots[:, :half].astype(np.float64), lots[:, half:].astype(np.float64)
    used = np.concatenate((bid_rows[bids > 0.0], ask_rows[asks > 0.0]))
    first, last = int(used.min()), int(used.max())
    row_ticks = 1 << shift
    low_ticks = np.arange(first, last + 1) * row_ticks
    times_s = columns["sampled_s"]
    gaps = np.append(np.minimum(np.diff(times_s), 2 * every_s), every_s)
    return Heatmap(
        times_ns=times_s * NS_PER_S,
        seconds=gaps.astype(np.float64),
        low_ticks=low_ticks,
        prices=low_ticks.astype(np.float64) * tick,
        row_ticks=row_ticks,
        row_height=row_ticks * tick,
        every_s=every_s,
        bid_lots=_on_grid(bids, bid_rows - first, len(low_ticks)),
        ask_lots=_on_grid(asks, ask_rows - first, len(low_ticks)),
    )


def _on_grid(lots: NDArray[np.float64], rows: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    # Cells without lots may lie outside the grid.
    grid = np.zeros((len(lots), count))
    column, place = np.nonzero(lots > 0.0)
    np.add.at(grid, (column, rows[column, place]), lots[column, place])
    return grid
