"""Multi-level order-flow imbalance: the OFI of each of the best levels of a book.

Xu, Gould & Howison (2018), Multi-level order-flow imbalance in a limit order book: the event
formula of the best level (`best_quote`, non-strict inequalities) applied to price and size of level
m, the m-th best occupied price. So a change at the top moves all deeper levels and gives large
entries that offset each other. A level counts when both sides had it before and have it now, in a
book that stayed synced in between."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import (
    best_levels_of,
    book_keys_of,
    book_lots_of,
    instruments_of,
    level_flows_of,
    sources_of,
)
from undertow.kernels.flow.layout import BOOK_INVALID, NOTHING, NS_PER_SECOND, Record


@compiled
def open_second(flows: NDArray[np.int64], second: int) -> int:
    """Slot of a second, emptied when it held an older one; -1 when it holds a newer one.

    flows: (seconds, 1 + levels)."""
    slot = second % len(flows)
    if flows[slot, 0] > second:
        return -1
    if flows[slot, 0] < second:
        flows[slot, :] = NOTHING
        flows[slot, 0] = second
    return int(slot)


@compiled
def side_flow(key: int, lots: int, old_key: int, old_lots: int) -> int:
    """A side's part of the OFI: keys grow toward the other side, so both sides are read alike."""
    flow = 0
    if key >= old_key:
        flow += lots
    if key <= old_key:
        flow -= old_lots
    return flow


@compiled
def slot_for(run: Record, index: int, event_ns: int) -> int:
    """Slot of the second that a flow of this event belongs to; -1 when that is closed or unknown.

    As for the best level: never later than the source's progress."""
    instrument = instruments_of(run)[index]
    progress_ns = sources_of(run)[instrument.source].progress_ns
    second = min(event_ns, progress_ns) // NS_PER_SECOND
    if second <= 0 or second < instrument.closed_until_s:
        return -1
    return int(open_second(level_flows_of(run)[index], second))


@compiled
def measure_levels(run: Record, index: int, event_ns: int) -> None:
    """Compare the best levels after an update with those before it, and add their flows."""
    instrument = instruments_of(run)[index]
    if instrument.book_status == BOOK_INVALID:
        return
    keys = book_keys_of(run)
    lots = book_lots_of(run)
    best = best_levels_of(run)
    flows = level_flows_of(run)
    had = instrument.has_best_levels
    instrument.has_best_levels = 1
    bid_place = instrument.bid_levels
    ask_place = instrument.ask_levels
    slot = -2
    for level in range(run.ofi_levels):
        bid_place -= 1
        ask_place -= 1
        bid = bid_lots = ask = ask_lots = 0
        if bid_place >= 0:
            bid = keys[index, 0, bid_place]
            bid_lots = lots[index, 0, bid_place]
        if ask_place >= 0:
            ask = keys[index, 1, ask_place]
            ask_lots = lots[index, 1, ask_place]
        old_bid = best[index, 0, level]
        old_bid_lots = best[index, 1, level]
        old_ask = best[index, 2, level]
        old_ask_lots = best[index, 3, level]
        is_bid_new = bid != old_bid or bid_lots != old_bid_lots
        if not is_bid_new and ask == old_ask and ask_lots == old_ask_lots:
            continue
        best[index, 0, level] = bid
        best[index, 1, level] = bid_lots
        best[index, 2, level] = ask
        best[index, 3, level] = ask_lots
        has_all = bid_lots > 0 and ask_lots > 0 and old_bid_lots > 0 and old_ask_lots > 0
        if not had or not has_all:
            continue
        if slot == -2:
            slot = slot_for(run, index, event_ns)
        if slot >= 0:
            flow = side_flow(bid, bid_lots, old_bid, old_bid_lots)
            flow -= side_flow(ask, ask_lots, old_ask, old_ask_lots)
            flows[index, slot, 1 + level] += flow


@compiled
def sum_levels(flows: NDArray[np.int64], first_s: int, last_s: int, out: NDArray[np.int64]) -> None:
    """Fill `out`, (levels,) int64, with the flow of each level over the seconds first_s .. last_s.

    flows: (seconds, 1 + levels) of one instrument, second s in slot s % seconds, its number first.
    """
    out[:] = 0
    for second in range(first_s, last_s + 1):
        slot = second % len(flows)
        if flows[slot, 0] == second:
            for level in range(len(out)):
                out[level] += flows[slot, 1 + level]
