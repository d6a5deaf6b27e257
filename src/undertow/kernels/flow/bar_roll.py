"""Closing of seconds: buckets become 1s bars, and those roll up into 1m, 5m and 15m bars.

A second without trades closes as a flat bar at the last close once the instrument has traded;
before its first trade an instrument has no bars. Flat seconds are not written down: a bit per
second tells which have a bucket of their own, so a quiet instrument costs no memory traffic. Bars
are made of closed seconds only, so a published bar never changes."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bucket_ring import forget_second, is_touched
from undertow.kernels.flow.flow_memory import (
    bars_of,
    buckets_of,
    closed_of,
    forming_of,
    instruments_of,
)
from undertow.kernels.flow.layout import (
    FORGET_AHEAD_S,
    NEVER_HIGH,
    NS_PER_SECOND,
    RING,
    Record,
)

MINUTE_S = 60
FIVE_S = 300
FIFTEEN_S = 900


@compiled
def start_bar(bar: Record, second: int, timeframe_s: int, ticks: int) -> None:
    """Make the bar the empty one that holds a second, flat at a price."""
    bar.open_time_ns = second // timeframe_s * timeframe_s * NS_PER_SECOND
    bar.open_ticks = ticks
    bar.high_ticks = ticks
    bar.low_ticks = ticks
    bar.close_ticks = ticks
    bar.buy_lots = 0
    bar.sell_lots = 0
    bar.buy_trades = 0
    bar.sell_trades = 0
    bar.tick_lots = 0.0


@compiled
def merge_bar(bar: Record, part: Record, timeframe_s: int) -> None:
    """Add a later part to a bar; an empty bar (open time 0) starts with it.

    Prices come from parts with trades; a bar without any stays flat where it started.
    """
    if bar.open_time_ns == 0:
        start_bar(bar, part.open_time_ns // NS_PER_SECOND, timeframe_s, part.open_ticks)
    if part.buy_trades + part.sell_trades == 0:
        return
    if bar.buy_trades + bar.sell_trades == 0:
        bar.open_ticks = part.open_ticks
        bar.high_ticks = part.high_ticks
        bar.low_ticks = part.low_ticks
    bar.high_ticks = max(bar.high_ticks, part.high_ticks)
    bar.low_ticks = min(bar.low_ticks, part.low_ticks)
    bar.close_ticks = part.close_ticks
    bar.buy_lots += part.buy_lots
    bar.sell_lots += part.sell_lots
    bar.buy_trades += part.buy_trades
    bar.sell_trades += part.sell_trades
    bar.tick_lots += part.tick_lots


@compiled
def note_closed(
    run: Record, index: int, close_s: int, timeframe_s: int, slot: int, flat_ticks: int
) -> None:
    """Record a closed bar for whoever waits for it."""
    closed = closed_of(run)[run.closed_count]
    closed.close_s = close_s
    closed.instrument = index
    closed.timeframe_s = timeframe_s
    closed.slot = slot
    closed.flat_ticks = flat_ticks
    run.closed_count += 1


@compiled
def close_minute(run: Record, index: int, close_s: int) -> None:
    """Close the 1m bar that ends at `close_s`, and the 5m and 15m bars that end with it."""
    instrument = instruments_of(run)[index]
    bars = bars_of(run)
    forming = forming_of(run)
    minute = forming[index, 0]
    slot = instrument.bars_1m % run.bars_1m
    bars[index, slot] = minute
    instrument.bars_1m += 1
    if instrument.wakes & 2:
        note_closed(run, index, close_s, MINUTE_S, slot, 0)
    five = forming[index, 1]
    merge_bar(five, minute, FIVE_S)
    minute.open_time_ns = 0
    if close_s % FIVE_S != 0:
        return
    slot = run.bars_1m + instrument.bars_5m % run.bars_5m
    bars[index, slot] = five
    instrument.bars_5m += 1
    if instrument.wakes & 4:
        note_closed(run, index, close_s, FIVE_S, slot, 0)
    fifteen = forming[index, 2]
    merge_bar(fifteen, five, FIFTEEN_S)
    five.open_time_ns = 0
    if close_s % FIFTEEN_S != 0:
        return
    slot = run.bars_1m + run.bars_5m + instrument.bars_15m % run.bars_15m
    bars[index, slot] = fifteen
    instrument.bars_15m += 1
    if instrument.wakes & 8:
        note_closed(run, index, close_s, FIFTEEN_S, slot, 0)
    fifteen.open_time_ns = 0


@compiled
def close_bucket(instrument: Record, minute: Record, bucket: Record) -> None:
    """Take a finished second with trades into the totals, the bars and the average trade size."""
    bucket.prior_ticks = instrument.close_ticks if instrument.has_begun else bucket.open_ticks
    bucket.tick_lots = bucket.buy_tick_lots + bucket.sell_tick_lots
    instrument.has_begun = 1
    instrument.close_ticks = bucket.close_ticks
    instrument.buy_lots += bucket.buy_lots
    instrument.sell_lots += bucket.sell_lots
    instrument.buy_trades += bucket.buy_trades
    instrument.sell_trades += bucket.sell_trades
    instrument.buy_tick_lots += bucket.buy_tick_lots
    instrument.sell_tick_lots += bucket.sell_tick_lots
    instrument.buy_inverse += bucket.buy_inverse
    instrument.sell_inverse += bucket.sell_inverse
    instrument.recent_lots += bucket.buy_lots + bucket.sell_lots
    instrument.recent_trades += bucket.buy_trades + bucket.sell_trades
    merge_bar(minute, bucket, MINUTE_S)


@compiled
def forget_bucket(instrument: Record, bucket: Record) -> None:
    """Take a second that has grown too old out of the average trade size."""
    instrument.recent_lots -= bucket.buy_lots + bucket.sell_lots
    instrument.recent_trades -= bucket.buy_trades + bucket.sell_trades


@compiled
def set_large(instrument: Record, run: Record) -> None:
    """Set above what quantity a trade is large, from the recent average."""
    if instrument.recent_trades < run.large_least_trades:
        instrument.large_above_lots = NEVER_HIGH
    else:
        total = run.large_factor * instrument.recent_lots
        instrument.large_above_lots = total // instrument.recent_trades


@compiled
def close_seconds(
    run: Record,
    instrument: Record,
    minute: Record,
    buckets: NDArray[np.void],
    index: int,
    until_s: int,
) -> None:
    """Close the seconds before `until_s`, which must not lie beyond the end of the minute."""
    is_average_new = False
    for second in range(instrument.closed_until_s, until_s):
        forget_second(instrument, second + FORGET_AHEAD_S)
        gone_s = second - run.large_seconds
        if is_touched(instrument, gone_s):
            forget_bucket(instrument, buckets[index, gone_s & (RING - 1)])
            is_average_new = True
        slot = -1
        if is_touched(instrument, second):
            bucket = buckets[index, second & (RING - 1)]
            if bucket.buy_trades + bucket.sell_trades > 0:
                close_bucket(instrument, minute, bucket)
                slot = second & (RING - 1)
                is_average_new = True
        if not instrument.has_begun:
            continue
        if minute.open_time_ns == 0:
            start_bar(minute, second, MINUTE_S, instrument.close_ticks)
        instrument.bars_1s += 1
        if instrument.wakes & 1:
            note_closed(run, index, second + 1, 1, slot, instrument.close_ticks)
    instrument.closed_until_s = until_s
    if is_average_new:
        set_large(instrument, run)


@compiled
def roll_instrument(run: Record, index: int, until_s: int) -> None:
    """Close every second before `until_s`; an instrument without a position in time takes it."""
    instrument = instruments_of(run)[index]
    minute = forming_of(run)[index, 0]
    buckets = buckets_of(run)
    if instrument.closed_until_s == 0:
        instrument.closed_until_s = until_s
    while instrument.closed_until_s < until_s:
        minute_end_s = (instrument.closed_until_s // MINUTE_S + 1) * MINUTE_S
        stop_s = min(until_s, minute_end_s)
        close_seconds(run, instrument, minute, buckets, index, stop_s)
        if stop_s == minute_end_s and instrument.has_begun:
            close_minute(run, index, stop_s)
