"""How good recorded data is: counted per instrument and source, stored with the data.

What is counted, and what a number means:

* `gaps`, `lost`: GAP rows, which the venue's codec makes by the venue's own rules.
* `trade_id_jumps`: trade ids that were skipped. Venues whose ids are not consecutive show many.
* `duplicates`, `out_of_order`: trades whose id came before.
* `book_breaks`: book deltas that do not follow the update before them.
* `crossed_books`: updates after which the rebuilt book has its best bid at or above its best ask;
  counted only while the book is whole. `crossed_quotes`: the same of the venue's own quotes.
* `late`: rows whose event time is more than `LATENESS_NS` before the greatest seen.
* latency is receive time less event time: a negative least is a clock that is off by at least that
  much (the recorder's slow or the venue's fast); the mean hides it, the least shows it.
"""

from typing import Self

import msgspec
import numpy as np

from undertow.domain.market_event import (
    FLAG_SNAPSHOT,
    GAP_BOOK,
    EventArray,
    EventKind,
)
from undertow.domain.side import Side
from undertow.timeline.sequence import SequenceTracker

LATENESS_NS = 1_000_000_000
_NO_LATENCY = (1 << 63) - 1
_ENDLESS = -(1 << 63)


class QualityCounts(msgspec.Struct, forbid_unknown_fields=True):
    """Sums over a stretch of one instrument's rows from one source; see the module's head.

    latency_min_ns and latency_max_ns are the greatest and least integers while nothing was timed.
    """

    rows: int = 0
    trades: int = 0
    book_updates: int = 0
    quotes: int = 0
    gaps: int = 0
    lost: int = 0
    trade_id_jumps: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    book_breaks: int = 0
    crossed_books: int = 0
    crossed_quotes: int = 0
    late: int = 0
    timed: int = 0
    latency_min_ns: int = _NO_LATENCY
    latency_max_ns: int = _ENDLESS
    latency_sum_ns: int = 0

    def plus(self, other: Self) -> "QualityCounts":
        """The counts of both stretches together."""
        values = {
            name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__
        }
        values["latency_min_ns"] = min(self.latency_min_ns, other.latency_min_ns)
        values["latency_max_ns"] = max(self.latency_max_ns, other.latency_max_ns)
        return QualityCounts(**values)

    @property
    def latency_mean_ns(self) -> float:
        """Mean of receive time less event time; NaN when nothing was timed."""
        return self.latency_sum_ns / self.timed if self.timed else float("nan")


class QualityWatch:
    """Counts along one instrument's rows from one source, in their order.

    State is carried from batch to batch, so the sums do not depend on how rows are cut.
    """

    def __init__(self) -> None:
        self._counts = QualityCounts()
        self._trades = SequenceTracker()
        self._book = _BookCheck()
        self._latest_ns = _ENDLESS

    def observe(self, rows: EventArray) -> None:
        """Count a batch."""
        if not len(rows):
            return
        kinds, counts = rows["kind"], self._counts
        counts.rows += len(rows)
        counts.quotes += self._quotes(rows[kinds == EventKind.QUOTE])
        gaps = rows[kinds == EventKind.GAP]
        counts.gaps += len(gaps)
        counts.lost += int(gaps["qty_lots"].sum())
        self._observe_trades(rows[kinds == EventKind.TRADE])
        self._observe_times(rows)
        self._book.observe(rows, counts)

    def take(self) -> QualityCounts:
        """The counts since the last time of taking."""
        taken, self._counts = self._counts, QualityCounts()
        return taken

    def _quotes(self, quotes: EventArray) -> int:
        crossed = (quotes["price_ticks"] >= quotes["price_b"]) & (quotes["price_b"] > 0)
        self._counts.crossed_quotes += int(np.count_nonzero(crossed))
        return len(quotes)

    def _observe_trades(self, trades: EventArray) -> None:
        counts = self._counts
        counts.trades += len(trades)
        ids = trades["sequence"]
        before = msgspec.structs.replace(self._trades.counts)
        self._trades.observe_each(ids[ids > 0])
        after = self._trades.counts
        counts.trade_id_jumps += after.gaps - before.gaps
        counts.duplicates += after.duplicates - before.duplicates
        counts.out_of_order += after.out_of_order - before.out_of_order

    def _observe_times(self, rows: EventArray) -> None:
        timed = rows[rows["event_time_ns"] > 0]
        if not len(timed):
            return
        counts, times = self._counts, timed["event_time_ns"]
        latest = np.maximum.accumulate(np.maximum(times, self._latest_ns))
        counts.late += int(np.count_nonzero(times < latest - LATENESS_NS))
        self._latest_ns = int(latest[-1])
        latency = timed["receive_time_ns"] - times
        counts.timed += len(timed)
        counts.latency_min_ns = min(counts.latency_min_ns, int(latency.min()))
        counts.latency_max_ns = max(counts.latency_max_ns, int(latency.max()))
        counts.latency_sum_ns += int(latency.sum())


class _BookCheck:
    # Rebuilds the book from its rows, only to see whether it is chained and uncrossed.

    def __init__(self) -> None:
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._best_bid = 0
        self._best_ask = 0
        self._is_whole = False
        self._is_fresh = False
        self._is_stale = False
        self._last_id = 0

    def observe(self, rows: EventArray, counts: QualityCounts) -> None:
        kinds = rows["kind"]
        wanted = (kinds >= EventKind.BOOK_BEGIN) & (kinds <= EventKind.BOOK_END)
        wanted |= kinds == EventKind.GAP
        part = rows[wanted]
        columns = ("kind", "side", "price_ticks", "qty_lots", "qty_b", "sequence", "flags")
        for row in zip(*(part[name].tolist() for name in columns), strict=True):
            kind, side, price, lots = row[:4]
            if kind == EventKind.BOOK_LEVEL:
                if not self._is_stale:
                    self._set(side, price, lots)
            elif kind == EventKind.BOOK_END:
                self._end(counts)
            elif kind == EventKind.BOOK_BEGIN:
                counts.book_updates += 1
                self._begin(row[4], row[5], row[6], counts)
            elif row[4] == GAP_BOOK:
                self._is_whole = False

    def _begin(self, previous: int, last: int, flags: int, counts: QualityCounts) -> None:
        # The same rules as the flow's books: id 0 always joins, a stale update is passed over, and
        # the first delta after a snapshot may reach back before it.
        self._is_stale = False
        if flags & FLAG_SNAPSHOT:
            self._bids, self._asks, self._is_whole, self._is_fresh = {}, {}, True, True
            self._best_bid = self._best_ask = 0
        elif 0 < last <= self._last_id:
            self._is_stale = True
            return
        elif last:
            reaches_back = self._is_fresh and previous < self._last_id
            if previous != self._last_id and not reaches_back:
                counts.book_breaks += self._is_whole
                self._is_whole = False
            self._is_fresh = False
        self._last_id = last

    def _set(self, side: int, price: int, lots: int) -> None:
        # A best price is 0 when it must be looked for again.
        if side == Side.BUY:
            if lots:
                self._bids[price] = lots
                if self._best_bid and price > self._best_bid:
                    self._best_bid = price
            elif self._bids.pop(price, 0) and price == self._best_bid:
                self._best_bid = 0
        elif lots:
            self._asks[price] = lots
            if price < self._best_ask:
                self._best_ask = price
        elif self._asks.pop(price, 0) and price == self._best_ask:
            self._best_ask = 0

    def _end(self, counts: QualityCounts) -> None:
        if self._is_whole and self._bids and self._asks:
            self._best_bid = self._best_bid or max(self._bids)
            self._best_ask = self._best_ask or min(self._asks)
            counts.crossed_books += self._best_bid >= self._best_ask
