"""What one trade print changes: totals always, windows and the last price only in time.

Side decides nothing by branching: sides alternate at random, and a mispredicted branch would cost
more than the whole sum. Totals of seconds still open live in their buckets only, and join when they
close."""

import numpy as np

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bucket_ring import open_bucket
from undertow.kernels.flow.layout import MINUTE_S, MOST_EXACT, NS_PER_SECOND, Record
from undertow.kernels.flow.price_profile import add_volume


@compiled
def is_trade(row: Record) -> bool:
    """Whether the row can be a trade: a side, a positive price and a positive quantity."""
    is_price = 0 < row.price_ticks <= MOST_EXACT
    return bool(abs(row.side) == 1 and is_price and 0 < row.qty_lots <= MOST_EXACT)


@compiled
def add_trade(traded: Record, row: Record, is_inverse: int) -> None:
    """Add a trade to the sums of a bucket or of an instrument."""
    is_buy = (np.int64(row.side) + 1) >> 1
    bought = row.qty_lots * is_buy
    traded.buy_lots += bought
    traded.sell_lots += row.qty_lots - bought
    traded.buy_trades += is_buy
    traded.sell_trades += 1 - is_buy
    ticks = float(row.price_ticks)
    traded.buy_tick_lots += ticks * float(bought)
    traded.sell_tick_lots += ticks * float(row.qty_lots - bought)
    if is_inverse:
        traded.buy_inverse += float(bought) / ticks
        traded.sell_inverse += float(row.qty_lots - bought) / ticks


@compiled
def price_bucket(bucket: Record, ticks: int, event_ns: int) -> None:
    """Open, high, low and close by event time; of equal times the first opens, the last closes."""
    after_ns = event_ns - bucket.open_time_ns
    if bucket.traded.buy_trades + bucket.traded.sell_trades == 0:
        bucket.open_ticks = ticks
        bucket.high_ticks = ticks
        bucket.low_ticks = ticks
        bucket.close_ticks = ticks
        bucket.open_after_ns = after_ns
        bucket.close_after_ns = after_ns
        return
    if ticks > bucket.high_ticks:
        bucket.high_ticks = ticks
    if ticks < bucket.low_ticks:
        bucket.low_ticks = ticks
    if after_ns >= bucket.close_after_ns:
        bucket.close_after_ns = after_ns
        bucket.close_ticks = ticks
    if after_ns < bucket.open_after_ns:
        bucket.open_after_ns = after_ns
        bucket.open_ticks = ticks


@compiled
def measure_trade(bucket: Record, instrument: Record, row: Record) -> None:
    """Add what depends on other state: large quantities and the effective spread.

    The middle is that of the venue's own quote, which is sent at once, rather than of a book whose
    updates may come every 100 ms only.

    """
    if row.qty_lots > instrument.large_above_lots:
        bought = row.qty_lots * ((np.int64(row.side) + 1) >> 1)
        bucket.large_buy_lots += bought
        bucket.large_sell_lots += row.qty_lots - bought
    bid = instrument.quote_bid_ticks if instrument.has_quote else instrument.bid_ticks
    ask = instrument.quote_ask_ticks if instrument.has_quote else instrument.ask_ticks
    if bid > 0 and ask > 0:
        bucket.effective_ticks += row.side * (2 * row.price_ticks - bid - ask)
        bucket.effective_trades += 1


@compiled
def add_untimely(instrument: Record, source: Record, row: Record, event_ns: int) -> None:
    """Add a trade that no window takes to the totals, and count it when it is late."""
    add_trade(instrument.traded, row, instrument.is_inverse)
    if event_ns >= 0:
        instrument.late_trades += 1
        source.late_trades += 1


@compiled
def apply_trade(
    instrument: Record, source: Record, bucket: Record, part: Record, row: Record, event_ns: int
) -> bool:
    """Apply a trade; True when it may touch a watch or a wall, or is a whale's.

    bucket, part: the slots of the trade's second and minute. Totals count every trade; the last
    price, windows, bars, profile and watches only those that are neither late nor misdated
    (event_ns < 0)."""
    if not is_trade(row):
        instrument.refused_rows += 1
        source.refused_rows += 1
        return False
    bought = row.qty_lots * ((np.int64(row.side) + 1) >> 1)
    source.trades += 1
    source.buy_lots += bought
    source.sell_lots += row.qty_lots - bought
    second = event_ns // NS_PER_SECOND
    if event_ns <= 0 or second < instrument.closed_until_s:
        add_untimely(instrument, source, row, event_ns)
        return False
    ticks = row.price_ticks
    if event_ns >= instrument.last_event_ns:
        instrument.last_event_ns = event_ns
        instrument.last_ticks = ticks
    if instrument.first_s == 0:
        instrument.first_s = second
    if bucket.open_time_ns != second * NS_PER_SECOND:
        instrument.sample_lots = row.qty_lots
    open_bucket(instrument, bucket, second)
    price_bucket(bucket, ticks, event_ns)
    add_trade(bucket.traded, row, instrument.is_inverse)
    measure_trade(bucket, instrument, row)
    if not add_volume(part, second // MINUTE_S, ticks, row.qty_lots):
        instrument.unprofiled_lots += row.qty_lots
    is_far = ticks >= instrument.watch_high or ticks <= instrument.watch_low
    return bool(is_far or row.qty_lots > instrument.whale_above_lots)
