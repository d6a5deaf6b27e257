"""What changed in a synthetic book since it was last shown, as the rows of one book update."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.synthetic.book_layout import (
    ASKS,
    BIDS,
    KIND_BEGIN,
    KIND_END,
    KIND_LEVEL,
    KIND_QUOTE,
    LOTS,
    NOTHING,
    SHOWN,
    SNAPSHOT_FLAG,
    TICKS,
    UPDATE_ID,
)


@compiled
def put(
    rows: NDArray[np.void],
    n: int,
    time_ns: int,
    i: int,
    kind: int,
    side: int,
    ticks: int,
    lots: int,
) -> int:
    """Write one row, the columns that are not given as 0; returns the next free row."""
    row = rows[n]
    row["event_time_ns"] = time_ns
    row["price_ticks"] = ticks
    row["qty_lots"] = lots
    row["price_b"] = 0
    row["qty_b"] = 0
    row["sequence"] = 0
    row["instrument"] = i
    row["kind"] = kind
    row["side"] = side
    row["flags"] = 0
    return n + 1


@compiled
def put_side(
    i: int,
    side: int,
    time_ns: int,
    n: int,
    book: NDArray[np.int64],
    shown: NDArray[np.int64],
    counters: NDArray[np.int64],
    rows: NDArray[np.void],
) -> int:
    """Write a BOOK_LEVEL row for each level of one side that differs, best first, and show it.

    Both lists are sorted best first, so one merge finds what is gone (0 lots), new or resized.
    """
    away = 1 if side == ASKS else -1
    now = counters[i, side]
    before = counters[i, SHOWN + side]
    p = 0
    q = 0
    while p < before or q < now:
        lead = 0  # > 0: the shown level is nearer the market than the present one
        if p == before:
            lead = -1
        elif q == now:
            lead = 1
        else:
            lead = (book[i, side, q, TICKS] - shown[i, side, p, TICKS]) * away
        if lead > 0:
            n = put(rows, n, time_ns, i, KIND_LEVEL, -away, shown[i, side, p, TICKS], NOTHING)
            p += 1
            continue
        ticks = book[i, side, q, TICKS]
        lots = book[i, side, q, LOTS]
        if lead < 0 or lots != shown[i, side, p, LOTS]:
            n = put(rows, n, time_ns, i, KIND_LEVEL, -away, ticks, lots)
        if lead == 0:
            p += 1
        q += 1
    for k in range(now):
        shown[i, side, k, TICKS] = book[i, side, k, TICKS]
        shown[i, side, k, LOTS] = book[i, side, k, LOTS]
    counters[i, SHOWN + side] = now
    return n


@compiled
def put_update(
    i: int,
    time_ns: int,
    is_snapshot: int,
    with_quote: int,
    n: int,
    book: NDArray[np.int64],
    shown: NDArray[np.int64],
    counters: NDArray[np.int64],
    rows: NDArray[np.void],
) -> int:
    """Write BOOK_BEGIN, the changed levels and BOOK_END; nothing at all when nothing changed.

    The ids follow each other: a delta covers `previous + 1 .. previous + levels`, a snapshot has
    one new id in all three places. With `with_quote`, a QUOTE row follows when the best bid or ask
    (price or lots) is not what was shown. Returns the next free row.
    """
    if is_snapshot:
        counters[i, SHOWN + BIDS] = 0
        counters[i, SHOWN + ASKS] = 0
    same_best = 1
    for side in range(2):
        for column in range(2):
            if is_snapshot or book[i, side, 0, column] != shown[i, side, 0, column]:
                same_best = 0
    begin = n
    n = put(rows, n, time_ns, i, KIND_BEGIN, NOTHING, NOTHING, NOTHING)
    n = put_side(i, BIDS, time_ns, n, book, shown, counters, rows)
    n = put_side(i, ASKS, time_ns, n, book, shown, counters, rows)
    levels = n - begin - 1
    if levels == 0:
        return begin
    previous = counters[i, UPDATE_ID]
    last = previous + 1 if is_snapshot else previous + levels
    counters[i, UPDATE_ID] = last
    rows[begin]["price_ticks"] = last if is_snapshot else previous + 1
    rows[begin]["qty_lots"] = levels
    rows[begin]["qty_b"] = last if is_snapshot else previous
    rows[begin]["flags"] = SNAPSHOT_FLAG if is_snapshot else 0
    n = put(rows, n, time_ns, i, KIND_END, NOTHING, NOTHING, NOTHING)
    for k in range(begin, n):
        rows[k]["sequence"] = last
    if with_quote and not same_best:
        bid_ticks = book[i, BIDS, 0, TICKS]
        bid_lots = book[i, BIDS, 0, LOTS]
        put(rows, n, time_ns, i, KIND_QUOTE, NOTHING, bid_ticks, bid_lots)
        rows[n]["price_b"] = book[i, ASKS, 0, TICKS]
        rows[n]["qty_b"] = book[i, ASKS, 0, LOTS]
        rows[n]["sequence"] = last
        n += 1
    return n
