"""Many book updates and gaps to `EVENT` rows at once, put between the other rows of a batch."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, GAP_BOOK, EventArray, EventKind
from undertow.domain.side import Side
from undertow.venues.book_sequence import Delta
from undertow.venues.row_bytes import ROW_BYTES, pack_head, rows_from_bytes, unpack_head
from undertow.venues.row_tails import RowTails

_FEW: Final = 48  # up to so many rows are packed one by one (measured)
_LEVEL, _END = int(EventKind.BOOK_LEVEL), int(EventKind.BOOK_END)
_SIDES: Final = np.array([int(Side.BUY), int(Side.SELL)], np.int8)
_NOTHING: Final = Delta(0, 0, 0, 0)

_Part = tuple[int, int, bytes, Delta, RowTails]
# Rows before it, rows of it, its packed first row, its levels, the tails of its instrument.


class BookRows:
    """Collects the book rows of one batch, in order.

    `place` says how many of the batch's other rows come before.
    """

    def __init__(self) -> None:
        self._parts: list[_Part] = []

    def add_delta(self, place: int, tails: RowTails, receive_time_ns: int, delta: Delta) -> None:
        """A delta as the book is to apply it."""
        levels = len(delta.ticks)
        ids = (delta.first_id, levels, 0, delta.previous_id, delta.last_id)
        head = pack_head(delta.event_time_ns, receive_time_ns, *ids) + tails.begin
        self._parts.append((place, levels + 2, head, delta, tails))

    def add_snapshot(self, place: int, tails: RowTails, receive_time_ns: int, book: Delta) -> None:
        """A whole book; all three ids of it are the same."""
        assert book.first_id == book.previous_id == book.last_id
        levels = len(book.ticks)
        ids = (book.first_id, levels, 0, book.previous_id, book.last_id)
        head = pack_head(book.event_time_ns, receive_time_ns, *ids) + tails.snapshot
        self._parts.append((place, levels + 2, head, book, tails))

    def add_gap(
        self, place: int, tails: RowTails, receive_time_ns: int, delta: Delta, expected_id: int
    ) -> None:
        """The stream jumped: this delta should have followed `expected_id`."""
        event_ns, found_id = delta.event_time_ns, delta.previous_id
        head = pack_head(event_ns, receive_time_ns, expected_id, 0, 0, GAP_BOOK, found_id)
        self._parts.append((place, 1, head + tails.gap, _NOTHING, tails))

    def merged(self, others: bytearray) -> EventArray:
        """All rows of the batch: the others, with the book rows at their places."""
        if not self._parts:
            return rows_from_bytes(others)
        places, counts, heads, deltas, _ = zip(*self._parts, strict=True)
        if sum(counts) <= _FEW:
            rows = _few_rows(self._parts)
        else:
            rows = _many_rows(np.array(counts, np.int64), heads, deltas)
        if not others:
            return rows
        where = np.repeat(np.array(places, np.int64), counts)
        before = np.frombuffer(others, EVENT)
        return np.insert(_words(before), where, _words(rows), axis=0).reshape(-1).view(EVENT)


def _few_rows(parts: list[_Part]) -> EventArray:
    data = bytearray()
    for _, count, head, delta, tails in parts:
        data += head
        if count == 1:
            continue
        event_ns, receive_ns, *_, last_id = unpack_head(head)
        levels = zip(delta.ticks.tolist(), delta.lots.tolist(), strict=True)
        for level, (ticks, lots) in enumerate(levels):
            tail = tails.bid if level < delta.bids else tails.ask
            data += pack_head(event_ns, receive_ns, ticks, lots, 0, 0, last_id) + tail
        data += pack_head(event_ns, receive_ns, 0, 0, 0, 0, last_id) + tails.end
    return rows_from_bytes(data)


def _many_rows(
    counts: NDArray[np.int64], packed_heads: tuple[bytes, ...], deltas: tuple[Delta, ...]
) -> EventArray:
    # Whole rows are moved as eight integers each: several times faster than by their fields.
    heads = np.frombuffer(b"".join(packed_heads), EVENT)
    stops = np.cumsum(counts)
    firsts, lasts = stops - counts, (stops - 1)[counts > 1]
    # A level has its head's times, ids and instrument; the rest of the row is its own.
    template = heads.copy()
    for name in ("price_ticks", "qty_lots", "price_b", "qty_b", "flags"):
        template[name] = 0
    template["kind"] = _END
    ends = template[counts > 1]
    template["kind"] = _LEVEL
    words = np.repeat(_words(template), counts, axis=0)
    inner = np.ones(len(words), np.bool_)
    inner[firsts] = False
    inner[lasts] = False
    rows = words.reshape(-1).view(EVENT)
    rows["price_ticks"][inner] = np.concatenate([delta.ticks for delta in deltas])
    rows["qty_lots"][inner] = np.concatenate([delta.lots for delta in deltas])
    bids = np.array([delta.bids for delta in deltas], np.int64)
    sides = np.stack([bids, np.maximum(counts - 2, 0) - bids], axis=1).reshape(-1)
    rows["side"][inner] = np.repeat(np.tile(_SIDES, len(heads)), sides)
    words[firsts] = _words(heads)
    words[lasts] = _words(ends)
    return rows


def _words(rows: EventArray) -> NDArray[np.int64]:
    return rows.view(np.int64).reshape(-1, ROW_BYTES // 8)
