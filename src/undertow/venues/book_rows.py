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


class BookRows:
    """Collects the book rows of one batch, in order.

    `place` says how many of the batch's other rows come before.
    """

    def __init__(self) -> None:
        self._places: list[int] = []
        self._counts: list[int] = []
        self._heads: list[bytes] = []
        self._deltas: list[Delta] = []
        self._tails: list[RowTails] = []

    def add_delta(self, place: int, tails: RowTails, receive_time_ns: int, delta: Delta) -> None:
        """A delta as the book is to apply it."""
        self._add_update(place, tails, receive_time_ns, delta, tails.begin)

    def add_snapshot(self, place: int, tails: RowTails, receive_time_ns: int, book: Delta) -> None:
        """A whole book; all three ids of it are the same."""
        assert book.first_id == book.previous_id == book.last_id
        self._add_update(place, tails, receive_time_ns, book, tails.snapshot)

    def add_gap(
        self, place: int, tails: RowTails, receive_time_ns: int, delta: Delta, expected_id: int
    ) -> None:
        """The stream jumped: this delta should have followed `expected_id`."""
        event_ns, found_id = delta.event_time_ns, delta.previous_id
        head = pack_head(event_ns, receive_time_ns, expected_id, 0, 0, GAP_BOOK, found_id)
        self._places.append(place)
        self._counts.append(1)
        self._heads.append(head + tails.gap)
        self._deltas.append(_NOTHING)
        self._tails.append(tails)

    def _add_update(
        self, place: int, tails: RowTails, receive_ns: int, delta: Delta, tail: bytes
    ) -> None:
        levels = len(delta.ticks)
        ids = (delta.first_id, levels, 0, delta.previous_id, delta.last_id)
        self._places.append(place)
        self._counts.append(levels + 2)
        self._heads.append(pack_head(delta.event_time_ns, receive_ns, *ids) + tail)
        self._deltas.append(delta)
        self._tails.append(tails)

    def merged(self, others: bytearray) -> EventArray:
        """All rows of the batch: the others, with the book rows at their places."""
        if not self._heads:
            return rows_from_bytes(others)
        rows = self._few_rows() if sum(self._counts) <= _FEW else self._many_rows()
        if not others:
            return rows
        where = np.repeat(np.array(self._places, np.int64), self._counts)
        before = np.frombuffer(others, EVENT)
        return np.insert(_words(before), where, _words(rows), axis=0).reshape(-1).view(EVENT)

    def _few_rows(self) -> EventArray:
        data = bytearray()
        for count, head, delta, tails in zip(
            self._counts, self._heads, self._deltas, self._tails, strict=True
        ):
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

    def _many_rows(self) -> EventArray:
        # Whole rows are moved as eight integers each: several times faster than by their fields.
        heads = np.frombuffer(b"".join(self._heads), EVENT)
        counts = np.array(self._counts, np.int64)
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
        rows["price_ticks"][inner] = np.concatenate([delta.ticks for delta in self._deltas])
        rows["qty_lots"][inner] = np.concatenate([delta.lots for delta in self._deltas])
        bids = np.array([delta.bids for delta in self._deltas], np.int64)
        sides = np.stack([bids, np.maximum(counts - 2, 0) - bids], axis=1).reshape(-1)
        rows["side"][inner] = np.repeat(np.tile(_SIDES, len(heads)), sides)
        words[firsts] = _words(heads)
        words[lasts] = _words(ends)
        return rows


def _words(rows: EventArray) -> NDArray[np.int64]:
    return rows.view(np.int64).reshape(-1, ROW_BYTES // 8)
