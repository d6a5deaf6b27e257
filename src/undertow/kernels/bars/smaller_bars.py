"""Larger bars from smaller ones: time bars of any multiple, and tick, volume, dollar, fixed
imbalance and range bars in whole small bars.

Time bars made this way are those of the trades, as far as the small bars are. The others are
approximations: a bar can close only where a small one does, so it overshoots by up to one small
bar. The signed value of a small bar is taken as (buy - sell lots) * its average price, as bars do
not keep the value of each side. Small bars without trades count in time bars only."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.bars.bar_layout import BY_LOTS, BY_TRADES, BY_VALUE, Record
from undertow.kernels.bars.forming_bar import emit_bar
from undertow.kernels.compiled import compiled


@compiled
def is_whole(state: Record, bar: Record) -> bool:
    """Whether a small bar makes sense and is not older than what was used before; else counts."""
    ends = min(bar.open_ticks, bar.close_ticks), max(bar.open_ticks, bar.close_ticks)
    is_ordered = 0 < bar.low_ticks <= ends[0] and ends[1] <= bar.high_ticks
    if not is_ordered or min(bar.buy_lots, bar.sell_lots) < 0 or bar.open_time_ns <= 0:
        state.refused_rows += 1
        return False
    if bar.open_time_ns < state.last_event_ns:
        state.late_trades += bar.buy_trades + bar.sell_trades
        state.disordered_trades += bar.buy_trades + bar.sell_trades
        return False
    return True


@compiled
def merge_small(state: Record, whole: Record, bar: Record, close_ns: int) -> None:
    """Add a small bar that ends at `close_ns`; a flat one gives prices only to an empty bar."""
    trades = bar.buy_trades + bar.sell_trades
    if whole.buy_trades + whole.sell_trades == 0 and (trades > 0 or whole.open_time_ns == 0):
        if whole.open_time_ns == 0:
            whole.open_time_ns = bar.open_time_ns
        whole.open_ticks = bar.open_ticks
        whole.high_ticks = bar.high_ticks
        whole.low_ticks = bar.low_ticks
        whole.close_ticks = bar.close_ticks
    elif trades > 0:
        whole.high_ticks = max(whole.high_ticks, bar.high_ticks)
        whole.low_ticks = min(whole.low_ticks, bar.low_ticks)
        whole.close_ticks = bar.close_ticks
    whole.close_time_ns = close_ns
    whole.buy_trades += bar.buy_trades
    whole.sell_trades += bar.sell_trades
    whole.buy_lots += bar.buy_lots
    whole.sell_lots += bar.sell_lots
    whole.tick_lots += bar.tick_lots
    lots = float(bar.buy_lots + bar.sell_lots)
    whole.value += lots if state.is_inverse else bar.tick_lots
    state.trades += trades
    state.last_event_ns = close_ns


@compiled
def measure_small(state: Record, bar: Record) -> float:
    """What a small bar adds to the measure; signed when the kind is."""
    if state.measure == BY_TRADES:
        trades = bar.buy_trades + bar.sell_trades
        return float(bar.buy_trades - bar.sell_trades if state.is_signed else trades)
    total = float(bar.buy_lots + bar.sell_lots)
    lots = float(bar.buy_lots - bar.sell_lots) if state.is_signed else total
    if state.measure == BY_LOTS or state.is_inverse:
        return lots
    return lots * bar.tick_lots / total if total > 0.0 else 0.0


@compiled
def push_small(
    states: NDArray[np.void],
    bars: NDArray[np.void],
    start: int,
    timeframe_ns: int,
    out: NDArray[np.void],
) -> tuple[int, int]:
    """Apply closed BAR rows of one timeframe from `start` until the end or until `out` is full.

    Threshold and range kinds. Returns the first bar not applied and the number of bars closed."""
    state = states[0]
    whole = state.forming
    unit = state.value_unit if state.measure == BY_VALUE else 1.0
    count = 0
    for i in range(start, len(bars)):
        if count == len(out):
            return i, count
        bar = bars[i]
        if not is_whole(state, bar) or bar.buy_trades + bar.sell_trades == 0:
            continue
        merge_small(state, whole, bar, bar.open_time_ns + timeframe_ns)
        if state.brick_ticks > 0:
            is_closed = whole.high_ticks - whole.low_ticks >= state.brick_ticks
        else:
            state.progress += measure_small(state, bar)
            is_closed = abs(state.progress) >= state.threshold
        if is_closed:
            whole.theta = state.progress * unit if state.is_signed else nan
            state.progress = 0.0
            emit_bar(state, whole, out, count)
            count += 1
    return len(bars), count


@compiled
def close_time(state: Record, out: NDArray[np.void], place: int) -> None:
    """Publish the unfinished time bar with the borders of its stretch."""
    whole = state.forming
    whole.open_time_ns = state.next_stretch * state.length_ns
    whole.close_time_ns = whole.open_time_ns + state.length_ns
    emit_bar(state, whole, out, place)


@compiled
def push_small_time(
    states: NDArray[np.void],
    bars: NDArray[np.void],
    start: int,
    timeframe_ns: int,
    out: NDArray[np.void],
) -> tuple[int, int]:
    """Time bars from closed BAR rows of a timeframe that divides their length.

    A bar closes with the last small bar of its stretch, or when a later stretch begins: small bars
    that are missing are not filled in. Returns as `push_small`; `out` must hold 2 or more."""
    state = states[0]
    whole = state.forming
    count = 0
    for i in range(start, len(bars)):
        if count + 2 > len(out):
            return i, count
        bar = bars[i]
        if not is_whole(state, bar):
            continue
        stretch = bar.open_time_ns // state.length_ns
        if whole.open_time_ns != 0 and stretch != state.next_stretch:
            close_time(state, out, count)
            count += 1
        state.next_stretch = stretch
        close_ns = bar.open_time_ns + timeframe_ns
        merge_small(state, whole, bar, close_ns)
        if close_ns >= (stretch + 1) * state.length_ns:
            close_time(state, out, count)
            count += 1
    return len(bars), count
