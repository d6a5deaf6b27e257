"""Once a second of a source's time its synced books are looked at: walls, heatmap, imbalance.

The look happens when the source's watermark closes a second, before the row that closed it counts,
so it sees the book as it was known then, however rows come in calls. A book that is not synced or
has one side only is not looked at."""

from math import exp
from typing import Any

import numpy as np

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.book_side import find_level
from undertow.kernels.flow.flow_memory import (
    best_sizes_of,
    book_keys_of,
    book_lots_of,
    imbalances_of,
    instruments_of,
    samples_of,
    sizes_of,
    sources_of,
)
from undertow.kernels.flow.heat_column import add_column
from undertow.kernels.flow.layout import BOOK_INVALID, NS_PER_SECOND, Record
from undertow.kernels.flow.size_percentile import keep_largest, percentile_of, tops_needed
from undertow.kernels.flow.wall_track import admit_walls, gate_walls, look_at_side

BIDS: Any = np.int64(0)
ASKS: Any = np.int64(1)


@compiled
def first_in_reach(run: Record, index: int, side: int, count: int) -> int:
    """First place of a side whose price is within reach of the middle; `count` when none is."""
    instrument = instruments_of(run)[index]
    middle = 0.5 * (float(instrument.bid_ticks) + float(instrument.ask_ticks))
    share = 1e-4 * float(run.wall_reach_bps)
    if side == 0:
        key = int(np.ceil(middle * (1.0 - share)))
    else:
        key = -int(np.floor(middle * (1.0 + share)))
    return find_level(book_keys_of(run)[index, side], count, key)


@compiled
def move_threshold(run: Record, index: int, first_bid: int, first_ask: int, passed_s: int) -> None:
    """Let the percentile of the sizes in reach move the wall threshold: w += (p - w) * (1 - e^-t).

    t: seconds since the last look over `wall_smooth_s`. The first look sets it."""
    instrument = instruments_of(run)[index]
    sample = samples_of(run)[index]
    lots = book_lots_of(run)[index]
    bids = instrument.bid_levels
    asks = instrument.ask_levels
    count = bids - first_bid + asks - first_ask
    if count == 0:
        return
    sizes = sizes_of(run)
    tops = sizes.reshape(sizes.size)[: tops_needed(count, run.wall_percentile)]
    held = keep_largest(lots[0], first_bid, bids, tops, 0)
    keep_largest(lots[1], first_ask, asks, tops, held)
    present = percentile_of(tops, count, run.wall_percentile)
    if sample.wall_lots == 0.0:
        sample.wall_lots = present
    else:
        weight = 1.0 - exp(-float(passed_s) / float(run.wall_smooth_s))
        sample.wall_lots += (present - sample.wall_lots) * weight


@compiled
def add_imbalance(run: Record, index: int) -> None:
    """(bid - ask) / (bid + ask) lots over the k best levels of each side joins its ring, and the
    mean lots at the best bid and ask theirs."""
    instrument = instruments_of(run)[index]
    sample = samples_of(run)[index]
    lots = book_lots_of(run)[index]
    bids = asks = 0
    for level in range(run.imbalance_levels):
        if level < instrument.bid_levels:
            bids += lots[0, instrument.bid_levels - 1 - level]
        if level < instrument.ask_levels:
            asks += lots[1, instrument.ask_levels - 1 - level]
    slot = sample.samples % run.imbalances_kept
    imbalances_of(run)[index, slot] = float(bids - asks) / float(bids + asks)
    best = lots[0, instrument.bid_levels - 1] + lots[1, instrument.ask_levels - 1]
    best_sizes_of(run)[index, slot] = 0.5 * float(best)
    sample.samples += 1


@compiled
def sample_book(run: Record, index: int, now_s: int, most_s: int) -> None:
    """Look at one book; seconds beyond `most_s` since the last look count for nothing."""
    instrument = instruments_of(run)[index]
    sample = samples_of(run)[index]
    bids = instrument.bid_levels
    asks = instrument.ask_levels
    if instrument.book_status == BOOK_INVALID or bids == 0 or asks == 0:
        sample.sampled_s = 0
        return
    passed_s = -1
    if 0 < sample.sampled_s < now_s:
        passed_s = min(now_s - sample.sampled_s, most_s)
    sample.sampled_s = now_s
    first_bid = first_in_reach(run, index, BIDS, bids)
    first_ask = first_in_reach(run, index, ASKS, asks)
    move_threshold(run, index, first_bid, first_ask, max(passed_s, 0))
    look_at_side(run, index, BIDS, bids, now_s, passed_s)
    look_at_side(run, index, ASKS, asks, now_s, passed_s)
    admit_walls(run, index, BIDS, first_bid, bids, now_s)
    admit_walls(run, index, ASKS, first_ask, asks, now_s)
    gate_walls(run, index)
    add_column(run, index, now_s)
    add_imbalance(run, index)


@compiled
def sample_source(run: Record, s: int) -> None:
    """Look at the books of a source's instruments; its last closed second says when."""
    instruments = instruments_of(run)
    now_s = sources_of(run)[s].closed_s + run.lateness_ns // NS_PER_SECOND
    most_s = run.source_timeout_ns // NS_PER_SECOND
    for index in range(len(instruments)):
        if instruments[index].source == s and instruments[index].book_updates > 0:
            sample_book(run, index, now_s, most_s)
