"""The bar that is being built: what a trade adds to it, and how it is finished.

A trade older than one before it (out of order) is taken as if it happened at the newest event time
seen, so that bars never overlap; it is counted, and counted as late when it is older than the last
closed bar. Only time bars drop late trades (`time_bars`).
"""

from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.bars.bar_layout import (
    BY_LOTS,
    BY_TICK_RULE,
    BY_TRADES,
    Record,
)
from undertow.kernels.bars.usable_trade import note_time
from undertow.kernels.compiled import compiled


@compiled
def time_of(state: Record, row: Record) -> int:
    """The time a trade is taken to have: its event time, or the newest seen when that is later."""
    note_time(state, row.event_time_ns)
    if row.event_time_ns < state.closed_ns:
        state.late_trades += 1
    return int(state.last_event_ns)


@compiled
def value_of(state: Record, ticks: int, lots: float) -> float:
    """Value in units of `value_unit`: ticks * lots; lots alone on inverse contracts."""
    return float(lots) if state.is_inverse else float(ticks) * lots


@compiled
def measure_of(state: Record, ticks: int, lots: float) -> float:
    """What the trade adds to the bar's measure, without a sign."""
    if state.measure == BY_TRADES:
        return 1.0
    return float(lots) if state.measure == BY_LOTS else value_of(state, ticks, lots)


@compiled
def sign_of(state: Record, row: Record) -> int:
    """+1 or -1 of the trade: its aggressor, or the tick rule, which is 0 before any change.

    Tick rule: sign of the last non-zero change of the price (Lee and Ready 1991).
    """
    if state.sign_from != BY_TICK_RULE:
        return int(row.side)
    ticks = row.price_ticks
    if state.last_ticks != 0 and ticks != state.last_ticks:
        state.tick_sign = 1 if ticks > state.last_ticks else -1
    state.last_ticks = ticks
    return int(state.tick_sign)


@compiled
def clear_bar(bar: Record) -> None:
    """Make it a bar without trades."""
    bar.open_time_ns = 0
    bar.close_time_ns = 0
    bar.open_ticks = 0
    bar.high_ticks = 0
    bar.low_ticks = 0
    bar.close_ticks = 0
    bar.buy_trades = 0
    bar.sell_trades = 0
    bar.buy_lots = 0.0
    bar.sell_lots = 0.0
    bar.tick_lots = 0.0
    bar.value = 0.0
    bar.vwap_ticks = nan
    bar.theta = nan
    bar.expected_trades = nan
    bar.expected_imbalance = nan


@compiled
def add_price(bar: Record, time_ns: int, ticks: int) -> None:
    """Open, high, low and close by time; of equal times the first opens and the last closes."""
    if bar.buy_trades + bar.sell_trades == 0:
        bar.open_time_ns = time_ns
        bar.close_time_ns = time_ns
        bar.open_ticks = ticks
        bar.high_ticks = ticks
        bar.low_ticks = ticks
        bar.close_ticks = ticks
        return
    if ticks > bar.high_ticks:
        bar.high_ticks = ticks
    if ticks < bar.low_ticks:
        bar.low_ticks = ticks
    if time_ns >= bar.close_time_ns:
        bar.close_time_ns = time_ns
        bar.close_ticks = ticks
    if time_ns < bar.open_time_ns:
        bar.open_time_ns = time_ns
        bar.open_ticks = ticks


@compiled
def add_part(state: Record, bar: Record, time_ns: int, row: Record, lots: float) -> None:
    """Add a trade, or `lots` of it, to a bar."""
    ticks = row.price_ticks
    add_price(bar, time_ns, ticks)
    is_buy = (np.int64(row.side) + 1) >> 1
    bought = lots * is_buy
    bar.buy_trades += is_buy
    bar.sell_trades += 1 - is_buy
    bar.buy_lots += bought
    bar.sell_lots += lots - bought
    bar.tick_lots += float(ticks) * lots
    bar.value += value_of(state, ticks, lots)


@compiled
def finish_bar(bar: Record, value_unit: float) -> None:
    """Bring the sums of a bar to what is published: money, and the average price."""
    lots = bar.buy_lots + bar.sell_lots
    bar.value *= value_unit
    bar.vwap_ticks = bar.tick_lots / lots if lots > 0.0 else nan


@compiled
def emit_bar(state: Record, bar: Record, out: NDArray[np.void], place: int) -> None:
    """Publish a bar at a place of `out` and make it empty."""
    finish_bar(bar, state.value_unit)
    state.closed_ns = bar.close_time_ns
    state.close_ticks = bar.close_ticks
    state.bars += 1
    out[place] = bar
    clear_bar(bar)
