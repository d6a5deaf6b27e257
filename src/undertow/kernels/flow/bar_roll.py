"""Closing of seconds: buckets become 1s bars, and those roll up into 1m, 5m and 15m bars.

A second without trades closes as a flat bar at the last close once the instrument has traded;
before its first trade an instrument has no bars. Flat seconds are not written down: a bit per
second tells which have a bucket of their own, so a quiet instrument costs no memory traffic. Bars
are made of closed seconds only, so a published bar never changes."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bar_merge import merge_bar, merge_second, start_bar
from undertow.kernels.flow.bucket_ring import forget_second, is_touched
from undertow.kernels.flow.flow_memory import (
    bars_of,
    buckets_of,
    closed_of,
    forming_of,
    instruments_of,
)
from undertow.kernels.flow.layout import (
    FIFTEEN_S,
    FIVE_S,
    FORGET_AHEAD_S,
    MINUTE_S,
    NEVER_HIGH,
    NOTHING,
    ONE_S,
    RING,
    Record,
)
from undertow.kernels.flow.minute_sample import write_sample
from undertow.kernels.flow.whale_ring import add_day_minute, keep_size, set_whale


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
def close_fifteen(run: Record, index: int, close_s: int) -> None:
    """Close the 15m bar that ends at `close_s`."""
    instrument = instruments_of(run)[index]
    fifteen = forming_of(run)[index, 2]
    slot = run.bars_1m + run.bars_5m + instrument.bars_15m % run.bars_15m
    bars_of(run)[index, slot] = fifteen
    instrument.bars_15m += 1
    if instrument.wakes & 8:
        note_closed(run, index, close_s, FIFTEEN_S, slot, NOTHING)
    fifteen.open_time_ns = 0


@compiled
def close_five(run: Record, index: int, close_s: int) -> None:
    """Close the 5m bar that ends at `close_s`, and the 15m bar that ends with it."""
    instrument = instruments_of(run)[index]
    forming = forming_of(run)
    five = forming[index, 1]
    slot = run.bars_1m + instrument.bars_5m % run.bars_5m
    bars_of(run)[index, slot] = five
    instrument.bars_5m += 1
    if instrument.wakes & 4:
        note_closed(run, index, close_s, FIVE_S, slot, NOTHING)
    merge_bar(forming[index, 2], five, FIFTEEN_S)
    five.open_time_ns = 0
    if close_s % FIFTEEN_S == 0:
        close_fifteen(run, index, close_s)


@compiled
def close_minute(run: Record, index: int, close_s: int) -> None:
    """Close the 1m bar that ends at `close_s`, and the 5m and 15m bars that end with it."""
    instrument = instruments_of(run)[index]
    forming = forming_of(run)
    minute = forming[index, 0]
    slot = instrument.bars_1m % run.bars_1m
    bars_of(run)[index, slot] = minute
    write_sample(run, index, close_s)
    add_day_minute(instrument, float(minute.buy_lots + minute.sell_lots))
    instrument.bars_1m += 1
    if instrument.wakes & 2:
        note_closed(run, index, close_s, MINUTE_S, slot, NOTHING)
    merge_bar(forming[index, 1], minute, FIVE_S)
    minute.open_time_ns = 0
    if close_s % FIVE_S == 0:
        close_five(run, index, close_s)


@compiled
def add_traded(total: Record, part: Record) -> None:
    """Add the sums of a second to the totals."""
    total.buy_lots += part.buy_lots
    total.sell_lots += part.sell_lots
    total.buy_trades += part.buy_trades
    total.sell_trades += part.sell_trades
    total.buy_tick_lots += part.buy_tick_lots
    total.sell_tick_lots += part.sell_tick_lots
    total.buy_inverse += part.buy_inverse
    total.sell_inverse += part.sell_inverse


@compiled
def close_bucket(instrument: Record, minute: Record, bucket: Record) -> None:
    """Take a finished second with trades into the totals, the bars and the average trade size."""
    traded = bucket.traded
    bucket.prior_ticks = instrument.close_ticks if instrument.has_begun else bucket.open_ticks
    add_traded(instrument.traded, traded)
    instrument.has_begun = 1
    instrument.close_ticks = bucket.close_ticks
    instrument.recent_lots += traded.buy_lots + traded.sell_lots
    instrument.recent_trades += traded.buy_trades + traded.sell_trades
    merge_second(minute, bucket, MINUTE_S)


@compiled
def forget_bucket(instrument: Record, traded: Record) -> None:
    """Take a second that has grown too old out of the average trade size."""
    instrument.recent_lots -= traded.buy_lots + traded.sell_lots
    instrument.recent_trades -= traded.buy_trades + traded.sell_trades


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
            forget_bucket(instrument, buckets[index, gone_s & (RING - 1)].traded)
            is_average_new = True
        slot = -1
        if is_touched(instrument, second):
            bucket = buckets[index, second & (RING - 1)]
            if bucket.traded.buy_trades + bucket.traded.sell_trades > 0:
                close_bucket(instrument, minute, bucket)
                keep_size(run, index, instrument)
                slot = second & (RING - 1)
                is_average_new = True
        if not instrument.has_begun:
            continue
        if minute.open_time_ns == 0:
            start_bar(minute, second, MINUTE_S, instrument.close_ticks)
        instrument.bars_1s += 1
        if instrument.wakes & 1:
            note_closed(run, index, second + 1, ONE_S, slot, instrument.close_ticks)
    instrument.closed_until_s = until_s
    if is_average_new:
        set_large(instrument, run)
        set_whale(instrument, run)


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
