"""Footprints: lots bought and sold by aggressors at each row of price of each stretch of time.

Stretch k is [k * length, (k + 1) * length) of event time and closes as time bars do (`time_bars`):
by the watermark, after which a trade of it is late and counted only. Rows begin `row_ticks` high;
when a bar's prices do not fit into its rows they double in height, so no volume is ever lost.
Stretches without trades have no bar."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import Record
from undertow.kernels.bars.usable_trade import is_repeated, is_usable, note_time
from undertow.kernels.compiled import compiled


@compiled
def start_footprint(head: Record, lots: NDArray[np.int64], stretch: int, row_ticks: int,
                    row: Record) -> None:  # fmt: skip
    """Make a slot the empty bar of a stretch whose first trade is `row`."""
    ticks = row.price_ticks
    head.stretch = stretch
    head.row_ticks = row_ticks
    head.first_row = ticks // row_ticks - lots.shape[0] // 2
    head.open_event_ns = row.event_time_ns
    head.close_event_ns = row.event_time_ns
    head.open_ticks = ticks
    head.high_ticks = ticks
    head.low_ticks = ticks
    head.close_ticks = ticks
    head.buy_lots = 0
    head.sell_lots = 0
    head.buy_trades = 0
    head.sell_trades = 0
    head.max_delta = 0
    head.min_delta = 0
    head.cum_delta = 0
    lots[:] = 0


@compiled
def fit_rows(head: Record, lots: NDArray[np.int64]) -> None:
    """Move, and if need be coarsen, the rows until they hold the bar's lowest and highest price."""
    count = lots.shape[0]
    old_first = head.first_row
    old = lots.copy()
    doublings = 0
    low = head.low_ticks // head.row_ticks
    high = head.high_ticks // head.row_ticks
    while (high >> doublings) - (low >> doublings) >= count:
        doublings += 1
    head.row_ticks <<= doublings
    span = (high >> doublings) - (low >> doublings) + 1
    head.first_row = (low >> doublings) - (count - span) // 2
    lots[:] = 0
    for r in range(count):
        if old[r, 0] + old[r, 1] > 0:
            place = ((old_first + r) >> doublings) - head.first_row
            lots[place, 0] += old[r, 0]
            lots[place, 1] += old[r, 1]


@compiled
def add_trade_at_price(head: Record, lots: NDArray[np.int64], slot: int, row: Record) -> None:
    """Add a trade to the bar in a slot of lots, (n, rows, 2); a view of it per trade is dear."""
    ticks = row.price_ticks
    if ticks > head.high_ticks:
        head.high_ticks = ticks
    if ticks < head.low_ticks:
        head.low_ticks = ticks
    if row.event_time_ns >= head.close_event_ns:
        head.close_event_ns = row.event_time_ns
        head.close_ticks = ticks
    if row.event_time_ns < head.open_event_ns:
        head.open_event_ns = row.event_time_ns
        head.open_ticks = ticks
    height = head.row_ticks
    place = (ticks if height == 1 else ticks // height) - head.first_row
    if place < 0 or place >= lots.shape[1]:
        fit_rows(head, lots[slot])
        place = ticks // head.row_ticks - head.first_row
    is_buy = (np.int64(row.side) + 1) >> 1
    lots[slot, place, 1 - is_buy] += row.qty_lots
    bought = row.qty_lots * is_buy
    head.buy_lots += bought
    head.sell_lots += row.qty_lots - bought
    head.buy_trades += is_buy
    head.sell_trades += 1 - is_buy
    delta = head.buy_lots - head.sell_lots
    if delta > head.max_delta:
        head.max_delta = delta
    if delta < head.min_delta:
        head.min_delta = delta


@compiled
def roll_footprint(state: Record, heads: NDArray[np.void], time_ns: int) -> int:
    """Close the stretches that end by time_ns - lateness_ns; returns how many of them traded."""
    target = (time_ns - state.lateness_ns) // state.length_ns
    closed = 0
    for stretch in range(state.next_stretch, min(target, state.next_stretch + len(heads))):
        head = heads[stretch % len(heads)]
        if head.stretch == stretch and head.buy_trades + head.sell_trades > 0:
            state.delta_lots += head.buy_lots - head.sell_lots
            head.cum_delta = state.delta_lots
            closed += 1
    state.bars += closed
    if target > state.next_stretch:
        state.next_stretch = target
        state.next_close_ns = (target + 1) * state.length_ns + state.lateness_ns
    return closed


@compiled
def push_footprint(
    states: NDArray[np.void],
    heads: NDArray[np.void],
    lots: NDArray[np.int64],
    rows: EventArray,
    start: int,
    is_stopping: int,
) -> tuple[int, int]:
    """Apply rows from `start` until the end, or until bars have closed when `is_stopping`.

    states: (1,) FOOTPRINT. heads: (n,) FOOTPRINT_HEAD, lots: (n, rows, 2) bought and sold; stretch
    k is in slot k % n, and n is at least the bars kept and lateness / length + 2 more. Returns the
    first row not applied and the number of bars closed."""
    state = states[0]
    slots = len(heads)
    closed = begin_ns = end_ns = stretch = slot = 0
    for i in range(start, len(rows)):
        row = rows[i]
        if not is_usable(state, row):
            continue
        event_ns = row.event_time_ns
        if state.last_event_ns == 0:
            state.next_stretch = (event_ns - state.lateness_ns) // state.length_ns
            state.next_close_ns = (state.next_stretch + 1) * state.length_ns + state.lateness_ns
        if event_ns >= state.next_close_ns:
            closed += roll_footprint(state, heads, event_ns)
            if is_stopping and closed > 0:
                return i, closed
        if is_repeated(state, row):
            continue
        note_time(state, event_ns)
        if event_ns < begin_ns or event_ns >= end_ns:
            stretch = event_ns // state.length_ns
            begin_ns = stretch * state.length_ns
            end_ns = begin_ns + state.length_ns
            slot = stretch % slots
        if stretch < state.next_stretch:
            state.late_trades += 1
            continue
        head = heads[slot]
        if head.stretch != stretch or head.buy_trades + head.sell_trades == 0:
            start_footprint(head, lots[slot], stretch, state.row_ticks, row)
        add_trade_at_price(head, lots, slot, row)
    return len(rows), closed
