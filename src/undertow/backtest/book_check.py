"""Whether a rebuilt book is the venue's: best bid and ask after every update against its own quote.

The book here is two plain dictionaries, on purpose: it shares no code with the compiled book of the
flow state. After each book update with last id U the best bid and ask, price and quantity, must
equal the venue's own best quote with the greatest update id not above U. A quote may arrive after
the update it belongs to, so an update is settled when a quote with a greater id has arrived, or at
the end. Updates before the first quote are not compared.

A snapshot of limited depth says nothing of what rests beyond its last level, and no delta will
until it changes (the venue's own note). But nothing rests above a best bid or below a best ask:
each quote of the venue widens the range in which every level is known. Where the rebuilt best price
lies outside the range known at that update the book cannot know better, so such updates are counted
as `outside` and not compared.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable

import msgspec

from undertow.domain.market_event import FLAG_SNAPSHOT, GAP_BOOK, EventArray, EventKind

Best = tuple[int, int, int, int]
"""Bid ticks, bid lots, ask ticks, ask lots; 0 where a side is empty."""

_Update = tuple[int, Best, tuple[int, int]]  # update id, rebuilt best, range the snapshot showed

SNAPSHOT_LIMITS = frozenset({5, 10, 20, 50, 100, 500, 1_000, 5_000})
"""Levels a side that can be asked for; as many shown means that more may rest behind them."""

QUOTES_KEPT = 8_192
_NO_BOUND = 1 << 62
_NOTHING_KNOWN = (_NO_BOUND, 0)
_TRIM_AT = 2 * QUOTES_KEPT

_BEGIN, _LEVEL, _END = int(EventKind.BOOK_BEGIN), int(EventKind.BOOK_LEVEL), int(EventKind.BOOK_END)
_QUOTE, _GAP, _STATUS = int(EventKind.QUOTE), int(EventKind.GAP), int(EventKind.STATUS)


class BookDifference(msgspec.Struct, frozen=True):
    """A book update whose best prices are not the venue's."""

    instrument: int
    update_id: int
    quote_id: int
    rebuilt: Best
    quoted: Best


class BookCheckResult(msgspec.Struct, frozen=True):
    """compared: deltas for which there was a quote, with the best prices inside the snapshot's
    range; equal: of these, the ones that agree; outside: beyond the range.
    """

    compared: int
    equal: int
    outside: int
    first_difference: BookDifference | None = None


class PlainBook:
    """One book as two dictionaries of ticks to lots. `least_bid` and `most_ask` bound what its
    snapshot showed; a side that was shown whole has no bound.
    """

    def __init__(self) -> None:
        self.is_valid = False
        self.least_bid = 0
        self.most_ask = _NO_BOUND
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._bid = 0  # the best, 0 = to be looked for
        self._ask = 0

    def clear(self, *, is_valid: bool) -> None:
        """Empty the book; valid when a snapshot follows."""
        self.is_valid = is_valid
        self._bids.clear()
        self._asks.clear()
        self._bid = self._ask = 0

    def end_snapshot(self) -> None:
        """The levels so far are the snapshot: note how far it goes."""
        self.least_bid = min(self._bids) if len(self._bids) in SNAPSHOT_LIMITS else 0
        self.most_ask = max(self._asks) if len(self._asks) in SNAPSHOT_LIMITS else _NO_BOUND

    def put_bid(self, ticks: int, lots: int) -> None:
        """The quantity now bid at a price."""
        if lots:
            self._bids[ticks] = lots
            if self._bid and ticks > self._bid:
                self._bid = ticks
        elif self._bids.pop(ticks, 0) and ticks == self._bid:
            self._bid = 0

    def put_ask(self, ticks: int, lots: int) -> None:
        """The quantity now asked at a price."""
        if lots:
            self._asks[ticks] = lots
            if self._ask and ticks < self._ask:
                self._ask = ticks
        elif self._asks.pop(ticks, 0) and ticks == self._ask:
            self._ask = 0

    def best(self) -> Best:
        """The best bid and ask now."""
        if not self._bid:
            self._bid = max(self._bids, default=0)
        if not self._ask:
            self._ask = min(self._asks, default=0)
        bid, ask = self._bid, self._ask
        return bid, self._bids.get(bid, 0), ask, self._asks.get(ask, 0)


class BookCheck:
    """Checks one instrument of one source; feed it rows in order, then ask for the result."""

    def __init__(self, instrument: int) -> None:
        self._instrument = instrument
        self._book = PlainBook()
        self._is_snapshot = False
        self._waiting: deque[_Update] = deque()
        self._quote_ids: list[int] = []
        self._quotes: list[Best] = []
        self._known: list[tuple[int, int]] = []  # with each quote, the range known since it
        self._snapshot_id = 0
        self._compared = 0
        self._equal = 0
        self._outside = 0
        self._difference: BookDifference | None = None

    def add(self, rows: EventArray) -> None:
        """Take the rows of the instrument out of a batch; others are passed over."""
        mine = rows[rows["instrument"] == self._instrument]
        names = ("kind", "side", "price_ticks", "qty_lots", "price_b", "qty_b", "sequence", "flags")
        for row in zip(*(mine[name].tolist() for name in names), strict=True):
            kind = row[0]
            if kind == _LEVEL:
                if row[1] > 0:
                    self._book.put_bid(row[2], row[3])
                else:
                    self._book.put_ask(row[2], row[3])
            elif kind == _QUOTE:
                self._on_quote(row[6], (row[2], row[3], row[4], row[5]))
            elif kind == _END:
                self._on_update(row[6])
            elif kind == _BEGIN:
                self._on_begin(is_snapshot=bool(row[7] & FLAG_SNAPSHOT))
            elif kind == _STATUS or (kind == _GAP and row[5] == GAP_BOOK):
                self._book.clear(is_valid=False)

    def result(self) -> BookCheckResult:
        """The counts; updates that still wait for a quote are settled by the last one."""
        while self._waiting:
            self._settle(self._waiting.popleft())
        return BookCheckResult(self._compared, self._equal, self._outside, self._difference)

    def _on_begin(self, *, is_snapshot: bool) -> None:
        self._is_snapshot = is_snapshot
        if is_snapshot:
            self._book.clear(is_valid=True)

    def _on_update(self, update_id: int) -> None:
        if self._is_snapshot:
            self._book.end_snapshot()
            self._snapshot_id = update_id
            return
        if not self._book.is_valid:
            return
        best = self._book.best()
        update = (update_id, best, (self._book.least_bid, self._book.most_ask))
        if self._quote_ids and self._quote_ids[-1] > update_id:
            self._settle(update)
        else:
            self._waiting.append(update)

    def _on_quote(self, quote_id: int, quote: Best) -> None:
        if self._quote_ids and quote_id <= self._quote_ids[-1]:
            return  # repeated or late: what it says was known
        while self._waiting and self._waiting[0][0] < quote_id:
            self._settle(self._waiting.popleft())
        self._known.append(self._widened(quote_id, quote))
        self._quote_ids.append(quote_id)
        self._quotes.append(quote)
        if len(self._quotes) >= _TRIM_AT:
            del self._quote_ids[:-QUOTES_KEPT]
            del self._quotes[:-QUOTES_KEPT]
            del self._known[:-QUOTES_KEPT]

    def _widened(self, quote_id: int, quote: Best) -> tuple[int, int]:
        # Bids above the least best bid since the snapshot are all known, and asks likewise.
        is_later = self._quote_ids and self._quote_ids[-1] >= self._snapshot_id
        low, high = self._known[-1] if is_later else _NOTHING_KNOWN
        if quote_id < self._snapshot_id or not self._snapshot_id:
            return _NOTHING_KNOWN
        return min(low, quote[0] + 1), max(high, quote[2] - 1)

    def _settle(self, update: _Update) -> None:
        update_id, rebuilt, shown = update
        place = bisect_right(self._quote_ids, update_id) - 1
        if place < 0:
            return
        low, high = self._known[place]
        if rebuilt[0] < min(low, shown[0]) or rebuilt[2] > max(high, shown[1]):
            self._outside += 1
            return
        self._compared += 1
        quoted = self._quotes[place]
        if rebuilt == quoted:
            self._equal += 1
        elif self._difference is None:
            quote_id = self._quote_ids[place]
            self._difference = BookDifference(
                self._instrument, update_id, quote_id, rebuilt, quoted
            )


def check_books(chunks: Iterable[EventArray], instruments: Iterable[int]) -> BookCheckResult:
    """Check several instruments of one source in one pass; the counts are added up."""
    checks = [BookCheck(index) for index in instruments]
    for rows in chunks:
        for check in checks:
            check.add(rows)
    results = [check.result() for check in checks]
    differences = [each.first_difference for each in results if each.first_difference]
    return BookCheckResult(
        compared=sum(each.compared for each in results),
        equal=sum(each.equal for each in results),
        outside=sum(each.outside for each in results),
        first_difference=differences[0] if differences else None,
    )
