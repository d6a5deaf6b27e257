"""What is kept of a closed minute beside its bar: flow sums, venue facts, and what was wrong.

Sums are over the minute's seconds; facts are as known when the watermark closed the minute, so a
sample holds nothing that came later, and it never changes. Flags say why a minute of this
instrument must not count beside other venues."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bucket_ring import is_touched
from undertow.kernels.flow.flow_memory import (
    buckets_of,
    instruments_of,
    minute_samples_of,
    sources_of,
)
from undertow.kernels.flow.layout import (
    BOOK_INVALID,
    MINUTE_BOOK,
    MINUTE_DOWN,
    MINUTE_FIRST,
    MINUTE_LATE,
    MINUTE_LOST,
    MINUTE_S,
    MINUTE_SILENT,
    RING,
    Record,
)


@compiled
def sum_seconds(
    sample: Record, instrument: Record, buckets: NDArray[np.void], index: int, close_s: int
) -> None:
    """Add up the seconds of the minute that ends at `close_s`, in order."""
    sample.ofi_lots = 0
    sample.large_buy_lots = 0
    sample.large_sell_lots = 0
    sample.buy_value = 0.0
    sample.sell_value = 0.0
    for second in range(close_s - MINUTE_S, close_s):
        if not is_touched(instrument, second):
            continue
        bucket = buckets[index, second & (RING - 1)]
        traded = bucket.traded
        sample.ofi_lots += bucket.ofi_lots
        sample.large_buy_lots += bucket.large_buy_lots
        sample.large_sell_lots += bucket.large_sell_lots
        if instrument.is_inverse:
            sample.buy_value += traded.buy_inverse
            sample.sell_value += traded.sell_inverse
        else:
            sample.buy_value += traded.buy_tick_lots
            sample.sell_value += traded.sell_tick_lots


@compiled
def copy_facts(sample: Record, instrument: Record) -> None:
    """Write down the venue's other numbers as they stand."""
    sample.open_interest_lots = instrument.open_interest_lots
    sample.funding_rate_e12 = instrument.funding_rate_e12
    sample.next_funding_ns = instrument.next_funding_ns
    sample.mark_e8 = instrument.mark_e8
    sample.index_e8 = instrument.index_e8
    sample.bid_ticks = instrument.bid_ticks
    sample.ask_ticks = instrument.ask_ticks
    sample.liquidated_buy_lots = instrument.liquidated_buy_lots
    sample.liquidated_sell_lots = instrument.liquidated_sell_lots
    sample.funding_interval_s = instrument.funding_interval_s


@compiled
def minute_flags(instrument: Record, source: Record, silent_s: int, close_s: int) -> int:
    """Flags of the minute that ends at `close_s`: what befell it, and what holds at its close."""
    flags = instrument.minute_flags
    if instrument.bars_1m == 0:
        flags |= MINUTE_FIRST
    if source.overdue_s >= close_s:
        flags |= MINUTE_LATE
    if silent_s > 0:
        flags |= MINUTE_SILENT
    if source.is_down:
        flags |= MINUTE_DOWN
    if instrument.is_lost:
        flags |= MINUTE_LOST
    if instrument.book_status != BOOK_INVALID:
        flags |= MINUTE_BOOK
    return int(flags)


@compiled
def write_sample(run: Record, index: int, close_s: int) -> None:
    """Write the sample of the minute that ends at `close_s`; its bar is not counted yet."""
    instrument = instruments_of(run)[index]
    source = sources_of(run)[max(instrument.source, 0)]
    sample = minute_samples_of(run)[index, instrument.bars_1m % run.samples_1m]
    sum_seconds(sample, instrument, buckets_of(run), index, close_s)
    copy_facts(sample, instrument)
    until_s = min(close_s, source.silent_until_s)
    silent_s = max(0, until_s - max(close_s - MINUTE_S, source.silent_from_s))
    sample.silent_s = silent_s
    sample.flags = minute_flags(instrument, source, silent_s, close_s)
    # What is wrong now has befallen the next minute too, even if it heals before that one's end.
    lost = MINUTE_LOST if instrument.is_lost else 0
    instrument.minute_flags = lost | (MINUTE_DOWN if source.is_down else 0)
