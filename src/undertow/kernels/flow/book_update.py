"""Books from snapshots and deltas, with the venue's sequence checked.

A whole update (BOOK_BEGIN, levels, BOOK_END) is applied at once, so nobody sees half of one. A book
is served only while every update since its snapshot has joined on; a gap, a crossed result, a torn
or refused update makes it invalid and empty until the next snapshot."""

from undertow.domain.market_event import FLAG_SNAPSHOT, EventArray, EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.best_quote import serve_best, serve_quote
from undertow.kernels.flow.book_side import set_level
from undertow.kernels.flow.flow_memory import book_keys_of, book_lots_of, instruments_of
from undertow.kernels.flow.layout import (
    BOOK_FOLLOWING,
    BOOK_FRESH,
    BOOK_INVALID,
    FROM_BOOK,
    MOST_EXACT,
    Record,
)

LEVEL = int(EventKind.BOOK_LEVEL)
END = int(EventKind.BOOK_END)


@compiled
def measure_update(events: EventArray, i: int, stop: int) -> int:
    """Rows of the book update that begins at row i.

    0 when its end is not among the rows before `stop`; -j when it is torn: the row j places on
    belongs to something else."""
    begin = events[i]
    last = begin.qty_lots + 1
    if last < 1:
        return -1
    for j in range(1, min(last, stop - 1 - i) + 1):
        row = events[i + j]
        wanted = END if j == last else LEVEL
        is_ours = row.instrument == begin.instrument and row.source == begin.source
        if row.kind != wanted or not is_ours:
            return -j
    return int(last + 1) if i + last < stop else 0


@compiled
def invalidate_book(instrument: Record) -> None:
    """Empty the book and serve the venue's quote instead, if there is one."""
    if instrument.book_status == BOOK_INVALID:
        return
    instrument.book_status = BOOK_INVALID
    instrument.bid_levels = 0
    instrument.ask_levels = 0
    instrument.has_best_levels = 0
    serve_quote(instrument)


@compiled
def joins_on(instrument: Record, source: Record, begin: Record) -> bool:
    """Whether an update is the next one of the book; counts what is stale and what is missing.

    A first delta after a snapshot may reach back before it, as venues deliver it. Updates with id 0
    come from venues without sequence and always join.

    """
    if begin.sequence == 0:
        return True
    if begin.sequence <= instrument.book_id:
        instrument.stale_updates += 1
        return False
    is_next = begin.qty_b == instrument.book_id
    is_overlap = instrument.book_status == BOOK_FRESH and begin.qty_b < instrument.book_id
    if is_next or is_overlap:
        return True
    instrument.book_gaps += 1
    source.gaps += 1
    invalidate_book(instrument)
    return False


@compiled
def is_level(row: Record) -> bool:
    """Whether the row can be a level: a side, a positive price, a size that is not negative."""
    is_price = 0 < row.price_ticks <= MOST_EXACT
    return bool(abs(row.side) == 1 and is_price and 0 <= row.qty_lots <= MOST_EXACT)


@compiled
def change_levels(
    run: Record, index: int, instrument: Record, events: EventArray, i: int, rows: int
) -> bool:
    """Apply the levels of an update; False when one of them is refused.

    A snapshot's rows are applied last to first: venues send the best levels first, so each of them
    is appended. Of two rows of one price the first therefore stands."""
    keys = book_keys_of(run)
    lots = book_lots_of(run)
    bids = instrument.bid_levels
    asks = instrument.ask_levels
    is_snapshot = events[i].flags & FLAG_SNAPSHOT
    for j in range(1, rows - 1):
        row = events[i + rows - 1 - j] if is_snapshot else events[i + j]
        if not is_level(row):
            return False
        side = 0 if row.side > 0 else 1
        count = asks if side else bids
        key = row.price_ticks * row.side
        new = set_level(keys[index, side], lots[index, side], count, key, row.qty_lots)
        if new < 0:
            instrument.dropped_levels += 1
            new = -new
        if side:
            asks = new
        else:
            bids = new
    instrument.bid_levels = bids
    instrument.ask_levels = asks
    return True


@compiled
def serve_book(run: Record, index: int, instrument: Record) -> int:
    """Serve the book's best bid and ask, or find it crossed and invalid; returns the OFI."""
    keys = book_keys_of(run)
    lots = book_lots_of(run)
    bid = ask = bid_lots = ask_lots = 0
    if instrument.bid_levels > 0:
        bid = keys[index, 0, instrument.bid_levels - 1]
        bid_lots = lots[index, 0, instrument.bid_levels - 1]
    if instrument.ask_levels > 0:
        ask = -keys[index, 1, instrument.ask_levels - 1]
        ask_lots = lots[index, 1, instrument.ask_levels - 1]
    if bid > 0 and ask > 0 and bid >= ask:
        instrument.crossed_books += 1
        invalidate_book(instrument)
        return 0
    return int(serve_best(instrument, FROM_BOOK, bid, bid_lots, ask, ask_lots))


@compiled
def apply_update(
    run: Record, index: int, source: Record, events: EventArray, i: int, rows: int
) -> int:
    """Apply a whole book update; returns the OFI of the change of the best, in lots."""
    instrument = instruments_of(run)[index]
    begin = events[i]
    instrument.book_updates += 1
    source.book_updates += 1
    if begin.flags & FLAG_SNAPSHOT:
        instrument.bid_levels = 0
        instrument.ask_levels = 0
        instrument.book_status = BOOK_FRESH
    elif instrument.book_status == BOOK_INVALID or not joins_on(instrument, source, begin):
        return 0
    else:
        instrument.book_status = BOOK_FOLLOWING
    instrument.book_id = begin.sequence
    if not change_levels(run, index, instrument, events, i, rows):
        instrument.refused_rows += 1
        source.refused_rows += 1
        invalidate_book(instrument)
        return 0
    return int(serve_book(run, index, instrument))
