"""The displayed book as a quoter sees it: rows applied to its desk as they are received.

The sequence rules are those of the venue's own book (`kernels.matching.match_rows`): a delta must
follow the last id, a hole loses the book until the next snapshot.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, inlined
from undertow.kernels.matching.venue_state import (
    ROW_BOOK_LEVEL,
    ROW_GAP,
    ROW_GAP_BOOK,
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
from undertow.kernels.quoting.desk import (
    BEST,
    BOOK_ID,
    BOUGHT,
    COUNT,
    FLOOR_TICKS,
    IS_VALID,
    LAST_TICKS,
    LEVELS,
    SIDE_SIZE,
    SIDES,
    SOLD,
    SYNC,
    UPDATE,
    WIDTH,
    WORST,
    best_ask,
    best_bid,
)
from undertow.kernels.quoting.wide_book import open_place

Words = NDArray[np.int64]


@inlined
def see_level(desk: Words, side: int, ticks: int, lots: int) -> None:
    """Set one displayed level; the price must be inside the window.

    WORST is only a bound below which there is no level.
    """
    width = desk[WIDTH]
    place = ticks - desk[FLOOR_TICKS]
    s = SIDES
    at = LEVELS
    if side < 0:
        place = width - 1 - place
        s += SIDE_SIZE
        at += width
    before = desk[at + place]
    desk[at + place] = lots
    if lots != 0:
        if before == 0:
            open_place(desk, s, place)
    elif before != 0:
        desk[s + COUNT] -= 1
        if place == desk[s + BEST] and desk[s + COUNT] > 0:
            while desk[at + place] == 0:
                place -= 1
            desk[s + BEST] = place


@compiled
def forget_book(desk: Words) -> None:
    """The book cannot be trusted until the next snapshot."""
    desk[SYNC] = SYNC_LOST
    desk[IS_VALID] = 0
    for side in range(2):
        s = SIDES + side * SIDE_SIZE
        if desk[s + COUNT] > 0:
            at = LEVELS + side * desk[WIDTH]
            for place in range(desk[s + WORST], desk[s + BEST] + 1):
                desk[at + place] = 0
        desk[s + COUNT] = 0


@compiled
def mark_unnamed(desk: Words) -> None:
    """A snapshot begins: levels that it does not name are negative until it ends."""
    for side in range(2):
        s = SIDES + side * SIDE_SIZE
        at = LEVELS + side * desk[WIDTH]
        if desk[s + COUNT] > 0:
            for place in range(desk[s + WORST], desk[s + BEST] + 1):
                desk[at + place] = -abs(desk[at + place])


@compiled
def drop_unnamed(desk: Words) -> None:
    """A snapshot ends: levels that it did not name are gone."""
    for side in range(2):
        s = SIDES + side * SIDE_SIZE
        at = LEVELS + side * desk[WIDTH]
        count = 0
        first = -1
        last = -1
        if desk[s + COUNT] > 0:
            for place in range(desk[s + WORST], desk[s + BEST] + 1):
                if desk[at + place] > 0:
                    first = place if first < 0 else first
                    last = place
                    count += 1
                else:
                    desk[at + place] = 0
        desk[s + COUNT] = count
        desk[s + WORST] = first
        desk[s + BEST] = last


@inlined
def begin_seen_update(desk: Words, previous_id: int, last_id: int, flags: int) -> None:
    """Judge an update by its ids, as the venue's own book does."""
    if desk[UPDATE] == UPDATE_SNAPSHOT:
        forget_book(desk)
    if flags & ROW_SNAPSHOT:
        desk[UPDATE] = UPDATE_SNAPSHOT
        mark_unnamed(desk)
        return
    desk[UPDATE] = UPDATE_SKIPPED
    if desk[SYNC] == SYNC_LOST or (last_id != 0 and last_id <= desk[BOOK_ID]):
        return
    is_overlap = desk[SYNC] == SYNC_FRESH and previous_id < desk[BOOK_ID]
    if last_id == 0 or previous_id == desk[BOOK_ID] or is_overlap:
        desk[UPDATE] = UPDATE_DELTA
    else:
        forget_book(desk)


@inlined
def end_seen_update(desk: Words, last_id: int) -> bool:
    """The update is whole; True when it made a new book."""
    update = desk[UPDATE]
    desk[UPDATE] = UPDATE_NONE
    if update in (UPDATE_SKIPPED, UPDATE_NONE):
        return False
    if update == UPDATE_SNAPSHOT:
        drop_unnamed(desk)
        desk[SYNC] = SYNC_FRESH
    else:
        desk[SYNC] = SYNC_FOLLOWING
    desk[BOOK_ID] = last_id
    bid, ask = best_bid(desk), best_ask(desk)
    desk[IS_VALID] = 1 if bid == 0 or ask == 0 or ask >= bid else 0
    return True


@inlined
def see_levels(desk: Words, rows: NDArray[np.void], i: int, until_ns: int, instrument: int) -> int:
    """The levels of the update being read, from row i on; the index of the first row after them.

    A price outside the window is passed over: the venue was there before and found it too far.
    """
    is_applied = desk[UPDATE] == UPDATE_DELTA or desk[UPDATE] == UPDATE_SNAPSHOT
    floor_ticks, width = desk[FLOOR_TICKS], desk[WIDTH]
    while i < len(rows):
        row = rows[i]
        if row["kind"] != ROW_BOOK_LEVEL or row["instrument"] != instrument:
            return i
        if row["receive_time_ns"] > until_ns:
            return i
        if is_applied:
            ticks, lots = row["price_ticks"], row["qty_lots"]
            if lots < 0 or ticks < 1:
                desk[UPDATE] = UPDATE_SKIPPED
                forget_book(desk)
                is_applied = False
            elif ticks >= floor_ticks and ticks < floor_ticks + width:
                see_level(desk, row["side"], ticks, lots)
        i += 1
    return i


@inlined
def see_row(desk: Words, row: np.void) -> bool:
    """Apply a row that begins no update and is no level; True when it made a new book."""
    kind = row["kind"]
    if kind == ROW_TRADE:
        if row["price_ticks"] > 0 and row["qty_lots"] > 0:
            desk[LAST_TICKS] = row["price_ticks"]
            desk[BOUGHT if row["side"] > 0 else SOLD] += row["qty_lots"]
        return False
    if kind < ROW_QUOTE:
        return end_seen_update(desk, row["sequence"])
    if (kind == ROW_GAP and row["qty_b"] == ROW_GAP_BOOK) or (
        kind == ROW_STATUS and row["qty_b"] == ROW_STATUS_LOST
    ):
        forget_book(desk)
    return False
