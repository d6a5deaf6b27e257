"""Renko bricks: bars of a fixed height that close when the price has gone a whole brick further.

The first trade's price is the first border. A brick up closes when a trade reaches one brick above
the last border; against the last brick's direction it takes `reversal_bricks` (usually 2, and the
brick then opens that many less one below). A trade can close several bricks. Open and close are
the borders. A brick has a wick against its direction only, to the farthest price traded since the
last brick; how far the closing trade goes beyond the border is not shown. Everything traded since
the last brick, the closing trade included, counts in the first brick that the trade closes; further
ones of the same trade are empty: no trades, no volume, no wick."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import MOST_PER_TRADE, Record
from undertow.kernels.bars.forming_bar import add_part, emit_bar, time_of
from undertow.kernels.bars.usable_trade import is_repeated, is_usable
from undertow.kernels.compiled import compiled


@compiled
def bricks_reached(state: Record, ticks: int) -> int:
    """Bricks a price closes, signed by direction; 0 = none."""
    size = state.brick_ticks
    distance = ticks - state.brick_close
    side = 1 if distance > 0 else -1
    bricks = abs(distance) // size
    if state.brick_side == -side:
        bricks -= state.reversal_bricks - 1
    return int(side * max(bricks, 0))


@compiled
def emit_brick(state: Record, side: int, time_ns: int, out: NDArray[np.void], count: int) -> None:
    """Close one brick in a direction; the forming bar has what belongs to it."""
    bar = state.forming
    size = state.brick_ticks
    turned = (state.reversal_bricks - 1) * size if state.brick_side == -side else 0
    opened = state.brick_close + side * turned
    close = opened + side * size
    low, high = min(opened, close), max(opened, close)
    if bar.buy_trades + bar.sell_trades == 0:
        bar.open_time_ns = time_ns
    elif side > 0:
        low = min(low, bar.low_ticks)
    else:
        high = max(high, bar.high_ticks)
    bar.close_time_ns = time_ns
    bar.open_ticks = opened
    bar.high_ticks = high
    bar.low_ticks = low
    bar.close_ticks = close
    bar.theta = nan
    state.brick_close = close
    state.brick_side = side
    emit_bar(state, bar, out, count)


@compiled
def push_renko(
    states: NDArray[np.void], rows: EventArray, start: int, out: NDArray[np.void]
) -> tuple[int, int]:
    """Apply rows from `start` until the end or until `out` may not hold what one row closes.

    out: TRADE_BAR, more than MOST_PER_TRADE. Returns the first row not applied and the number of
    bricks closed."""
    state = states[0]
    most = len(out) - MOST_PER_TRADE
    count = 0
    for i in range(start, len(rows)):
        if count > most:
            return i, count
        row = rows[i]
        if not is_usable(state, row) or is_repeated(state, row):
            continue
        if state.brick_close == 0:
            state.brick_close = row.price_ticks
        reached = bricks_reached(state, row.price_ticks)
        if abs(reached) > MOST_PER_TRADE - 1:
            state.oversized_trades += 1
            continue
        time_ns = time_of(state, row)
        add_part(state, state.forming, time_ns, row, float(row.qty_lots))
        side = 1 if reached > 0 else -1
        for _ in range(abs(reached)):
            emit_brick(state, side, time_ns, out, count)
            count += 1
    return len(rows), count
