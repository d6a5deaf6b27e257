"""Sums over whole seconds of one instrument, for trade windows."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.bar_merge import fill_bar, merge_bar, merge_second, start_bar
from undertow.kernels.flow.flow_memory import buckets_of, forming_of, instruments_of
from undertow.kernels.flow.layout import FORGET_AHEAD_S, NS_PER_SECOND, ONE_S, RING, Record

WindowSums = tuple[int, int, int, int, float, float, float, float, int, int, int, int, int]


@compiled
def sum_window(buckets: NDArray[np.void], first_s: int, last_s: int) -> WindowSums:
    """Sums over the seconds first_s .. last_s, both included, oldest first.

    buckets: (RING,) BUCKET. Returns buy lots, sell lots, buy trades, sell trades, buy and sell
    tick lots, buy and sell lots / ticks (inverse only), OFI lots, large buy lots, large sell lots,
    effective ticks, effective trades.

    """
    buy = sell = buys = sells = flow = large_buy = large_sell = effective = measured = 0
    buy_tick = sell_tick = buy_inverse = sell_inverse = 0.0
    for second in range(first_s, last_s + 1):
        bucket = buckets[second & (RING - 1)]
        if bucket.open_time_ns != second * NS_PER_SECOND:
            continue
        part = bucket.traded
        buy += part.buy_lots
        sell += part.sell_lots
        buys += part.buy_trades
        sells += part.sell_trades
        buy_tick += part.buy_tick_lots
        sell_tick += part.sell_tick_lots
        buy_inverse += part.buy_inverse
        sell_inverse += part.sell_inverse
        flow += bucket.ofi_lots
        large_buy += bucket.large_buy_lots
        large_sell += bucket.large_sell_lots
        effective += bucket.effective_ticks
        measured += bucket.effective_trades
    traded = (buy, sell, buys, sells)
    valued = (buy_tick, sell_tick, buy_inverse, sell_inverse)
    return traded + valued + (flow, large_buy, large_sell, effective, measured)


@compiled
def forming_bar(
    run: Record, index: int, parts: int, timeframe_s: int, out: NDArray[np.void]
) -> None:
    """Put the unfinished bar that follows the last closed one into out[0]; out is (1,) BAR.

    parts: how many levels of unfinished bars lie below it (0 for 1s, 1 for 1m, 2 for 5m, 3 for
    15m).

    """
    bar = out[0]
    instrument = instruments_of(run)[index]
    forming = forming_of(run)
    buckets = buckets_of(run)
    closed_until_s = instrument.closed_until_s
    end_s = (closed_until_s // timeframe_s + 1) * timeframe_s
    bar.open_time_ns = 0
    for level in range(parts - 1, -1, -1):
        if forming[index, level].open_time_ns != 0:
            merge_bar(bar, forming[index, level], timeframe_s)
    for second in range(closed_until_s, min(end_s, closed_until_s + FORGET_AHEAD_S)):
        bucket = buckets[index, second & (RING - 1)]
        trades = bucket.traded.buy_trades + bucket.traded.sell_trades
        if bucket.open_time_ns == second * NS_PER_SECOND and trades > 0:
            merge_second(bar, bucket, timeframe_s)
    if bar.open_time_ns == 0:
        start_bar(bar, closed_until_s, timeframe_s, instrument.close_ticks)


@compiled
def copy_seconds(instrument: Record, buckets: NDArray[np.void], out: NDArray[np.void]) -> None:
    """Fill `out`, (count,) BAR, with the last closed seconds of an instrument, oldest first.

    A second without trades is flat at the close before it. Goes backwards: what comes before a
    traded second follows from its prior close. At most RING - FORGET_AHEAD_S seconds are still
    there.

    """
    until_s = instrument.closed_until_s
    ticks = instrument.close_ticks
    for back in range(1, len(out) + 1):
        second = until_s - back
        bucket = buckets[second & (RING - 1)]
        is_kept = bucket.open_time_ns == second * NS_PER_SECOND
        if is_kept and bucket.traded.buy_trades + bucket.traded.sell_trades > 0:
            fill_bar(out[len(out) - back], bucket)
            ticks = bucket.prior_ticks
        else:
            start_bar(out[len(out) - back], second, ONE_S, ticks)
