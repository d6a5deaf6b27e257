"""Time bars of any length from trades, closed by the watermark of event time.

Stretch k is [k * length, (k + 1) * length). It closes when a trade at least `lateness_ns` past its
end arrives, and never changes after: a trade of a closed stretch is late, and counted only. Within
a bar the earliest trade opens and the latest closes. A stretch without trades is a flat bar at the
last close without volume; before the first trade there are none, and a hole of more than MOST_FLAT
stretches is left out and counted."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import MOST_FLAT, Record
from undertow.kernels.bars.forming_bar import add_part, emit_bar
from undertow.kernels.bars.usable_trade import is_repeated, is_usable, note_time
from undertow.kernels.compiled import compiled


@compiled
def close_stretch(state: Record, bar: Record, out: NDArray[np.void], place: int) -> None:
    """Publish the first open stretch, flat when nothing was traded in it."""
    if bar.buy_trades + bar.sell_trades == 0:
        bar.open_ticks = state.close_ticks
        bar.high_ticks = state.close_ticks
        bar.low_ticks = state.close_ticks
        bar.close_ticks = state.close_ticks
    bar.open_time_ns = state.next_stretch * state.length_ns
    bar.close_time_ns = bar.open_time_ns + state.length_ns
    bar.vwap_ticks = nan
    emit_bar(state, bar, out, place)


@compiled
def start_stretch(state: Record, stretch: int) -> None:
    """Let a stretch be the first open one."""
    state.next_stretch = stretch
    state.next_close_ns = (stretch + 1) * state.length_ns + state.lateness_ns


@compiled
def is_hole(state: Record, open_bars: NDArray[np.void], stretch: int) -> bool:
    """Whether what lies before `stretch` is too long to fill, and nothing traded is left open."""
    if stretch - state.next_stretch <= MOST_FLAT:
        return False
    for slot in range(len(open_bars)):
        if open_bars[slot].buy_trades + open_bars[slot].sell_trades > 0:
            return False
    return True


@compiled
def roll_time(
    state: Record, open_bars: NDArray[np.void], time_ns: int, out: NDArray[np.void], count: int
) -> int:
    """Close the stretches that end by time_ns - lateness_ns; returns the number of bars in `out`.

    Stops early when `out` is full: `state.next_close_ns` is then still due."""
    stretch = (time_ns - state.lateness_ns) // state.length_ns
    while state.next_stretch < stretch and count < len(out):
        if is_hole(state, open_bars, stretch):
            state.long_holes += 1
            start_stretch(state, stretch)
            break
        bar = open_bars[state.next_stretch % len(open_bars)]
        if state.close_ticks != 0 or bar.buy_trades + bar.sell_trades > 0:
            close_stretch(state, bar, out, count)
            count += 1
        start_stretch(state, state.next_stretch + 1)
    return count


@compiled
def push_time(
    states: NDArray[np.void],
    open_bars: NDArray[np.void],
    rows: EventArray,
    start: int,
    out: NDArray[np.void],
) -> tuple[int, int]:
    """Apply rows from `start` until the end or until `out` is full.

    open_bars: (lateness / length + 2,) TRADE_BAR, stretch k in slot k modulo their number. Returns
    the first row not applied and the number of bars closed."""
    state = states[0]
    count = 0
    for i in range(start, len(rows)):
        row = rows[i]
        if count == len(out):
            return i, count
        if not is_usable(state, row):
            continue
        event_ns = row.event_time_ns
        if state.last_event_ns == 0:
            start_stretch(state, (event_ns - state.lateness_ns) // state.length_ns)
        if event_ns >= state.next_close_ns:
            count = roll_time(state, open_bars, event_ns, out, count)
            if event_ns >= state.next_close_ns:
                return i, count
        if is_repeated(state, row):
            continue
        note_time(state, event_ns)
        stretch = event_ns // state.length_ns
        if stretch < state.next_stretch:
            state.late_trades += 1
            continue
        bar = open_bars[stretch % len(open_bars)]
        add_part(state, bar, event_ns, row, float(row.qty_lots))
    return len(rows), count
