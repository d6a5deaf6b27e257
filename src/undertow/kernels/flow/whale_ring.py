"""Whales: the last trades above a threshold of money, and how unusual their size was (FLOW-11).

The threshold is the smaller of a fixed amount of money at the last closed price and a share of the
rolling day's volume, an exponentially weighted mean of minutes over 1440 of them. It is set when a
second with trades closes, so a trade is judged by what was before it. The unusualness is the
modified z-score of the logarithm of its lots (Iglewicz and Hoaglin 1993) within a sample of 128
recent trades, one of each second that traded (the first of the newest second); the logarithm
because sizes spread over orders of magnitude."""

from math import log, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import instruments_of, trade_sizes_of, whales_of
from undertow.kernels.flow.layout import (
    LEAST_SIZES,
    MOST_EXACT,
    NEVER_HIGH,
    TRADE_SIZES,
    WHALES,
    Record,
)
from undertow.kernels.robust_spread import NORMAL_MAD, NORMAL_MEAN_DEVIATION

DAY_MINUTES = 1440
KEEP = 1.0 - 1.0 / DAY_MINUTES


@compiled
def add_day_minute(instrument: Record, lots: float) -> None:
    """Take a closed minute into the rolling day's volume."""
    instrument.day_sum = instrument.day_sum * KEEP + lots
    instrument.day_weight = instrument.day_weight * KEEP + 1.0


@compiled
def set_whale(instrument: Record, run: Record) -> None:
    """Set above what quantity a trade is a whale's, from closed seconds only."""
    if not instrument.has_begun:
        return
    above = instrument.whale_worth
    if not instrument.is_inverse:
        above /= instrument.close_ticks
    if instrument.bars_1m >= run.whale_least_minutes and instrument.day_sum > 0.0:
        day_lots = instrument.day_sum / instrument.day_weight * DAY_MINUTES
        above = min(above, day_lots * run.whale_day_ppm * 1e-6)
    instrument.whale_above_lots = np.int64(above) if above < MOST_EXACT else NEVER_HIGH


@compiled
def keep_size(run: Record, index: int, instrument: Record) -> None:
    """Take the trade sampled from the newest second into the sample of sizes."""
    if instrument.sample_lots > 0:
        trade_sizes_of(run)[index, instrument.sizes_seen % TRADE_SIZES] = instrument.sample_lots
        instrument.sizes_seen += 1
        instrument.sample_lots = 0


@compiled
def sort_floats(values: NDArray[np.float64], count: int) -> None:
    """Sort the first `count` values in place, by insertion: they are few."""
    for place in range(1, count):
        value = values[place]
        spot = place
        while spot > 0 and values[spot - 1] > value:
            values[spot] = values[spot - 1]
            spot -= 1
        values[spot] = value


@compiled
def median_of(values: NDArray[np.float64], count: int) -> float:
    """Median of the first `count` values, which it sorts."""
    sort_floats(values, count)
    return float((values[(count - 1) // 2] + values[count // 2]) / 2.0)


@compiled
def size_score(sizes: NDArray[np.int64], seen: int, lots: int) -> float:
    """Modified z-score of log(lots) within the sizes sampled; NaN with fewer than LEAST_SIZES.

    0.6745 * (x - median) / MAD; with a MAD of 0, (x - median) / (1.253314 * mean deviation); NaN
    when all sizes are equal."""
    count = min(seen, len(sizes))
    if count < LEAST_SIZES:
        return nan
    logs = np.empty(count)
    for place in range(count):
        logs[place] = log(float(sizes[place]))
    centre = median_of(logs, count)
    total = 0.0
    for place in range(count):
        logs[place] = abs(logs[place] - centre)
    scale = median_of(logs, count) / NORMAL_MAD
    if scale == 0.0:
        for place in range(count):
            total += logs[place]
        scale = NORMAL_MEAN_DEVIATION * total / count
    return (log(float(lots)) - centre) / scale if scale > 0.0 else nan


@compiled
def size_rank(sizes: NDArray[np.int64], seen: int, lots: int) -> float:
    """Share of the sizes sampled that are smaller, 0 to 1; NaN with fewer than LEAST_SIZES."""
    count = min(seen, len(sizes))
    if count < LEAST_SIZES:
        return nan
    smaller = 0
    for place in range(count):
        smaller += int(sizes[place] < lots)
    return smaller / count


@compiled
def keep_whale(run: Record, index: int, row: Record, event_ns: int) -> None:
    """Note a trade that windows have taken, if it is a whale's."""
    instrument = instruments_of(run)[index]
    if row.qty_lots <= instrument.whale_above_lots:
        return
    whale = whales_of(run)[index, instrument.whales % WHALES]
    whale.event_ns = event_ns
    whale.side = row.side
    whale.ticks = row.price_ticks
    whale.lots = row.qty_lots
    sizes = trade_sizes_of(run)[index]
    whale.score = size_score(sizes, instrument.sizes_seen, row.qty_lots)
    whale.rank = size_rank(sizes, instrument.sizes_seen, row.qty_lots)
    instrument.whales += 1
