"""Bars that close when a measure since their beginning reaches a threshold.

Tick, volume and dollar bars (Lopez de Prado 2018, AFML 2.3.1), fixed imbalance bars (the measure
adds with the sign of the trade and its absolute value counts) and range bars (highest less lowest
price). The closing trade belongs to the bar as a whole and what is above the threshold is dropped;
with `is_split` (volume and dollar bars) it is cut at the threshold instead, and one trade can
complete several bars, all at its own time.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import BY_VALUE, MOST_PER_TRADE, Record
from undertow.kernels.bars.forming_bar import (
    add_part,
    emit_bar,
    measure_of,
    sign_of,
    time_of,
)
from undertow.kernels.bars.usable_trade import is_repeated, is_usable
from undertow.kernels.compiled import compiled


@compiled
def add_whole(state: Record, row: Record, out: NDArray[np.void], count: int) -> int:
    """Add a whole trade; returns the number of bars in `out`."""
    bar = state.forming
    lots = float(row.qty_lots)
    add_part(state, bar, time_of(state, row), row, lots)
    state.progress += measure_of(state, row.price_ticks, lots) * (
        sign_of(state, row) if state.is_signed else 1
    )
    if abs(state.progress) < state.threshold:
        return count
    if state.is_signed:
        unit = state.value_unit if state.measure == BY_VALUE else 1.0
        bar.theta = state.progress * unit
    state.progress = 0.0
    emit_bar(state, bar, out, count)
    return count + 1


@compiled
def add_split(state: Record, row: Record, out: NDArray[np.void], count: int) -> int:
    """Add a trade in parts that fill bars exactly; returns the number of bars in `out`."""
    left = float(row.qty_lots)
    whole = measure_of(state, row.price_ticks, left)
    if whole > state.threshold * (MOST_PER_TRADE - 1):
        state.oversized_trades += 1
        return count
    per_lot = whole / left
    time_ns = time_of(state, row)
    while left > 0.0:
        amount = left * per_lot
        room = state.threshold - state.progress
        if amount < room:
            add_part(state, state.forming, time_ns, row, left)
            state.progress += amount
            return count
        part = left if amount == room else min(left, room / per_lot)
        add_part(state, state.forming, time_ns, row, part)
        left -= part
        state.progress = 0.0
        emit_bar(state, state.forming, out, count)
        count += 1
    return count


@compiled
def push_threshold(
    states: NDArray[np.void], rows: EventArray, start: int, out: NDArray[np.void]
) -> tuple[int, int]:
    """Apply rows from `start` until the end or until `out` may not hold what one row closes.

    states: (1,) BUILDER. out: TRADE_BAR, more than MOST_PER_TRADE. Returns the first row not
    applied and the number of bars closed."""
    state = states[0]
    most = len(out) - MOST_PER_TRADE
    count = 0
    for i in range(start, len(rows)):
        if count > most:
            return i, count
        row = rows[i]
        if not is_usable(state, row) or is_repeated(state, row):
            continue
        if state.is_split:
            count = add_split(state, row, out, count)
        else:
            count = add_whole(state, row, out, count)
    return len(rows), count


@compiled
def push_range(
    states: NDArray[np.void], rows: EventArray, start: int, out: NDArray[np.void]
) -> tuple[int, int]:
    """Range bars: closed by the trade that brings high less low to `brick_ticks` or more."""
    state = states[0]
    bar = state.forming
    count = 0
    for i in range(start, len(rows)):
        if count == len(out):
            return i, count
        row = rows[i]
        if not is_usable(state, row) or is_repeated(state, row):
            continue
        add_part(state, bar, time_of(state, row), row, float(row.qty_lots))
        if bar.high_ticks - bar.low_ticks >= state.brick_ticks:
            emit_bar(state, bar, out, count)
            count += 1
    return len(rows), count
