"""Market rows at the quoter's venue: the book is kept, queues move, own orders are met.

The same rules as `kernels.matching.match_rows`, on the book of `wide_book`. Tests run both on the
same rows and demand the same fills.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, inlined
from undertow.kernels.matching.queue_position import (
    ahead_after_cancels,
    best_crossed,
    fill_at,
    fill_through,
    keep_arrival_order,
)
from undertow.kernels.matching.venue_state import (
    AHEAD_UNKNOWN,
    HIT_FILL,
    QUEUE_LOGARITHM,
    ROW_BOOK_LEVEL,
    ROW_FUNDING,
    ROW_GAP,
    ROW_GAP_BOOK,
    ROW_MARK_PRICE,
    ROW_QUOTE,
    ROW_SNAPSHOT,
    ROW_STATUS,
    ROW_STATUS_LOST,
    ROW_TRADE,
    SYNC_FOLLOWING,
    SYNC_FRESH,
    SYNC_LOST,
    UPDATE_DELTA,
    UPDATE_NONE,
    UPDATE_SKIPPED,
    UPDATE_SNAPSHOT,
)
from undertow.kernels.quoting.venue_layout import BEST, COUNT, EATEN, NOT_EATEN, SIDE_SIZE
from undertow.kernels.quoting.wide_book import (
    best_place,
    clear_side,
    confirm_side,
    left_at,
    mark_side,
    place_of,
    show,
    shown_lots,
    sweep_side,
    take_level,
    ticks_of,
    trade_takes,
)

Words = NDArray[np.int64]
Records: TypeAlias = Any
Record: TypeAlias = Any


@compiled
def lose_book(venue: Record, levels: Words, ends: Words) -> None:
    """The displayed book cannot be trusted until the next snapshot."""
    venue.sync = SYNC_LOST
    venue.is_valid = 0
    clear_side(venue.width, levels, ends, 0)
    clear_side(venue.width, levels, ends, 1)


@inlined
def begin_update(venue: Record, levels: Words, ends: Words, row: Record) -> None:
    """Judge an update by its ids (`match_rows.begin_update`)."""
    if venue.update == UPDATE_SNAPSHOT:
        lose_book(venue, levels, ends)
    if row["flags"] & ROW_SNAPSHOT:
        venue.update = UPDATE_SNAPSHOT
        mark_side(venue.width, levels, ends, 0)
        mark_side(venue.width, levels, ends, 1)
        return
    venue.update = UPDATE_SKIPPED
    previous_id, last_id = row["qty_b"], row["sequence"]
    if venue.sync == SYNC_LOST or (last_id != 0 and last_id <= venue.book_id):
        return
    is_overlap = venue.sync == SYNC_FRESH and previous_id < venue.book_id
    if last_id == 0 or previous_id == venue.book_id or is_overlap:
        venue.update = UPDATE_DELTA
    else:
        lose_book(venue, levels, ends)


@inlined
def apply_levels(
    venue: Record, levels: Words, ends: Words, rows: Records, i: int, limit_ns: int
) -> int:
    """The levels of the update being read, from row i on; the index of the first row after them.

    Stops at a level outside the window, too (`is_outside`).
    """
    update, m = venue.update, venue.instrument
    is_applied = update in (UPDATE_DELTA, UPDATE_SNAPSHOT)
    floor_ticks, width = venue.floor_ticks, venue.width
    while i < len(rows):
        row = rows[i]
        if row["kind"] != ROW_BOOK_LEVEL or row["instrument"] != m:
            return i
        if row["receive_time_ns"] > limit_ns:
            return i
        if is_applied:
            ticks, lots = row["price_ticks"], row["qty_lots"]
            if lots < 0 or ticks < 1:
                venue.update = UPDATE_SKIPPED
                lose_book(venue, levels, ends)
                is_applied = False
            else:
                place = ticks - floor_ticks
                if place < 0 or place >= width:
                    return i
                if row["side"] > 0:
                    show(width, levels, ends, 0, place, lots)
                else:
                    show(width, levels, ends, 1, width - 1 - place, lots)
        i += 1
    return i


@inlined
def is_outside(venue: Record, row: Record) -> bool:
    """True for a level of an update that is applied, at a price that the window does not hold."""
    if row["kind"] != ROW_BOOK_LEVEL or row["price_ticks"] < 1 or row["qty_lots"] < 0:
        return False
    place = row["price_ticks"] - venue.floor_ticks
    is_applied = venue.update == UPDATE_DELTA or venue.update == UPDATE_SNAPSHOT
    return bool(is_applied and (place < 0 or place >= venue.width))


@inlined
def best_gap(venue: Record, ends: Words) -> int:
    """Best displayed ask less best displayed bid in ticks; 1 when a side is empty."""
    if ends[COUNT] == 0 or ends[SIDE_SIZE + COUNT] == 0:
        return 1
    return int(venue.width - 1 - ends[SIDE_SIZE + BEST] - ends[BEST])


@inlined
def end_update(venue: Record, levels: Words, ends: Words, last_id: int, event_ns: int) -> bool:
    """The update is whole; True when it was applied."""
    update = venue.update
    venue.update = UPDATE_NONE
    if update in (UPDATE_SKIPPED, UPDATE_NONE):
        return False
    if update == UPDATE_SNAPSHOT:
        sweep_side(venue.width, levels, ends, 0)
        sweep_side(venue.width, levels, ends, 1)
        venue.sync = SYNC_FRESH
    else:
        venue.sync = SYNC_FOLLOWING
    venue.book_id = last_id
    venue.book_event_ns = event_ns
    venue.is_valid = 1 if best_gap(venue, ends) >= 0 else 0
    if event_ns >= venue.eaten_event_ns:
        if ends[EATEN] != NOT_EATEN:
            confirm_side(venue.width, levels, ends, 0)
        if ends[SIDE_SIZE + EATEN] != NOT_EATEN:
            confirm_side(venue.width, levels, ends, 1)
    return True


@inlined
def move_queues(
    venue: Record, levels: Words, ends: Words, event_ns: int, model: int, resting: Records
) -> None:
    """The displayed book changed: learn or correct the queue ahead of each own order."""
    for k in range(venue.resting):
        order = resting[k]
        side = 0 if order["side"] > 0 else 1
        place = place_of(venue, order["side"], order["ticks"])
        shown = shown_lots(venue.width, levels, ends, side, place)
        if shown < 0:
            continue
        ahead = order["ahead"]
        is_same = shown == order["shown"] and order["traded"] == 0
        if is_same and ahead <= shown and model < QUEUE_LOGARITHM:
            continue
        if ahead == AHEAD_UNKNOWN or (shown == 0 and ahead > 0):
            order["reflected_ns"] = event_ns
            order["ahead"] = shown
        elif shown > 0:
            order["ahead"] = ahead_after_cancels(
                ahead, order["shown"], order["traded"], shown, model
            )
        order["shown"] = shown
        order["traded"] = 0
        if model >= QUEUE_LOGARITHM:
            keep_arrival_order(k, resting)


@compiled
def fill_crossed(
    venue: Record,
    levels: Words,
    ends: Words,
    side: int,
    resting: Records,
    found: int,
    hits: Words,
) -> int:
    """Opposite levels displayed at an own price or through it have met us: once each."""
    other = 1 if side > 0 else 0
    while True:
        place = best_place(venue.width, levels, ends, other)
        if place < 0:
            return found
        ticks = ticks_of(venue, -side, place)
        k = best_crossed(venue.instrument, side, ticks, venue.resting, resting)
        if k < 0:
            return found
        part = min(resting[k]["remaining"], left_at(venue.width, levels, other, place))
        resting[k]["remaining"] -= part
        take_level(venue.width, levels, ends, other, place, part)
        if found > 0 and hits[found - 1, 0] == k:
            hits[found - 1, 1] += part
        else:
            hits[found, 0] = k
            hits[found, 1] = part
            hits[found, 2] = HIT_FILL
            found += 1


@inlined
def on_new_book(
    venue: Record,
    levels: Words,
    ends: Words,
    event_ns: int,
    model: int,
    resting: Records,
    hits: Words,
) -> int:
    """Queues and crossings after a changed book; returns the number of hits."""
    move_queues(venue, levels, ends, event_ns, model, resting)
    if best_gap(venue, ends) <= 0:
        return 0
    # What is left is no better than what is shown: mostly nothing reaches us, and that is cheap.
    found = 0
    if ends[SIDE_SIZE + COUNT] > 0 and ticks_of(venue, -1, ends[SIDE_SIZE + BEST]) <= venue.own_bid:
        found = fill_crossed(venue, levels, ends, 1, resting, found, hits)
    if ends[COUNT] > 0 and ticks_of(venue, 1, ends[BEST]) >= venue.own_ask:
        found = fill_crossed(venue, levels, ends, -1, resting, found, hits)
    return found


@inlined
def on_trade(
    venue: Record, levels: Words, ends: Words, row: Record, resting: Records, hits: Words
) -> int:
    """A TRADE row; returns the number of hits."""
    side, ticks, lots = row["side"], row["price_ticks"], row["qty_lots"]
    event_ns = row["event_time_ns"]
    venue.last_ticks = ticks
    venue.last_side = side
    if event_ns > venue.book_event_ns:
        venue.eaten_event_ns = event_ns
        other = 1 if side > 0 else 0
        trade_takes(venue.width, levels, ends, other, place_of(venue, -side, ticks), lots)
    count = venue.resting
    if count == 0:
        return 0
    m = venue.instrument
    found, used = fill_through(m, ticks, event_ns, count, resting, 0, hits)
    rest = max(0, lots - used)
    return fill_at(m, side, ticks, lots, rest, event_ns, count, resting, found, hits)


@compiled
def on_account_row(
    venue: Record, levels: Words, ends: Words, row: Record, fundings: Records
) -> None:
    """A mark price, a funding settlement, or a loss of the feed."""
    kind = row["kind"]
    if kind == ROW_MARK_PRICE:
        if row["price_ticks"] > 0:
            venue.mark_e8 = row["price_ticks"]
    elif kind == ROW_FUNDING:
        if venue.position != 0:
            funding = fundings[venue.fundings]
            funding.at_ns = row["receive_time_ns"]
            funding.mark_e8 = row["price_ticks"] if row["price_ticks"] > 0 else venue.mark_e8
            funding.rate_e12 = row["qty_b"]
            funding.position = venue.position
            venue.fundings += 1
    elif (kind == ROW_GAP and row["qty_b"] == ROW_GAP_BOOK) or (
        kind == ROW_STATUS and row["qty_b"] == ROW_STATUS_LOST
    ):
        lose_book(venue, levels, ends)


@inlined
def meet_row(
    venue: Record,
    levels: Words,
    ends: Words,
    row: Record,
    model: int,
    resting: Records,
    fundings: Records,
    hits: Words,
) -> int:
    """Apply one row that begins no update and is no level; returns the hits on own orders."""
    kind = row["kind"]
    if kind == ROW_TRADE:
        if row["price_ticks"] > 0 and row["qty_lots"] > 0:
            return on_trade(venue, levels, ends, row, resting, hits)
        return 0
    if kind < ROW_QUOTE:
        event_ns = row["event_time_ns"]
        is_new = end_update(venue, levels, ends, row["sequence"], event_ns)
        if is_new and venue.resting > 0:
            return on_new_book(venue, levels, ends, event_ns, model, resting, hits)
        return 0
    on_account_row(venue, levels, ends, row, fundings)
    return 0
