"""The depth messages and snapshots of one batch: their levels are read in one pass at its end.

Until then only their headers are known. Sequence rules are applied in message order afterwards, so
a message whose levels turn out to be wrong does not move the chain.
"""

from undertow.domain.market_event import EventArray
from undertow.venues.binance.instrument_feed import InstrumentFeed
from undertow.venues.binance.messages import DepthMessage, SnapshotBody
from undertow.venues.book_rows import BookRows
from undertow.venues.book_sequence import Delta, Step
from undertow.venues.level_text import LevelGrid, read_levels
from undertow.venues.refusal import Reason, Refusal, RefusalLog

Stamps = tuple[int, int, int, int]
"""Event time, receive time, rows of the batch before it, number of the message."""

_Pending = tuple[InstrumentFeed, Delta, Stamps]


class DepthBatch:
    """Collects book messages of one source; `merged` applies them and makes the batch's rows."""

    def __init__(self, *, is_futures: bool) -> None:
        self._is_futures = is_futures
        self._pending: list[_Pending] = []
        self._texts: list[bytes] = []
        self._grids: list[LevelGrid] = []

    def add_delta(self, feed: InstrumentFeed, data: DepthMessage, stamps: Stamps) -> None:
        """A depth message."""
        first_id, last_id = data.first_id, data.last_id
        previous_id = data.previous_id if self._is_futures else first_id - 1
        if not 0 <= previous_id < last_id or first_id > last_id:
            raise Refusal(
                Reason.UPDATE_IDS,
                f"expected previous < first <= last update id, "
                f"found {previous_id}, {first_id}, {last_id}",
            )
        self._pending.append((feed, Delta(first_id, last_id, previous_id, stamps[0]), stamps))
        self._texts += (bytes(data.bids), bytes(data.asks))
        self._grids += (feed.grid, feed.grid)

    def add_snapshot(self, feed: InstrumentFeed, data: SnapshotBody, stamps: Stamps) -> None:
        """A whole book: all three ids are its last id."""
        book = Delta(data.last_id, data.last_id, data.last_id, stamps[0])
        self._pending.append((feed, book, stamps))
        self._texts += (bytes(data.bids), bytes(data.asks))
        self._grids += (feed.grid, feed.grid)

    def merged(self, others: bytearray, refusals: RefusalLog) -> EventArray:
        """The rows of the batch: the others, with the book rows between them; empties the batch."""
        rows = BookRows()
        if self._pending:
            levels = read_levels(self._texts, self._grids)
            starts, ticks, lots = levels.starts, levels.ticks, levels.lots
            i = 0
            for feed, delta, stamps in self._pending:
                try:
                    if levels.refusals:
                        levels.check(i, i + 1)
                    start, middle, stop = starts[i : i + 3]
                    delta.set_levels(middle - start, ticks[start:stop], lots[start:stop])
                    if delta.previous_id == delta.last_id:
                        _apply_snapshot(rows, feed, delta, stamps)
                    else:
                        _apply_delta(rows, feed, delta, stamps)
                except Refusal as refusal:
                    text = self._texts[i] + self._texts[i + 1]
                    refusals.add(refusal.reason, stamps[3], str(refusal), text)
                i += 2
            self._pending, self._texts, self._grids = [], [], []
        return rows.merged(others)


def _apply_delta(rows: BookRows, feed: InstrumentFeed, delta: Delta, stamps: Stamps) -> None:
    totals = feed.totals
    step = feed.book.next_delta(delta)
    if step is Step.DUPLICATE:
        totals.duplicates += 1
        return
    totals.depth_messages += 1
    _, receive_ns, place, _ = stamps
    if step is Step.APPLY:
        totals.book_updates += 1
        rows.add_delta(place, feed.tails, receive_ns, delta)
    elif step is not Step.COVERED:
        delta.own_levels()
        if step is Step.GAP:
            totals.book_gaps += 1
            rows.add_gap(place, feed.tails, receive_ns, delta, feed.book.lost_from_id)


def _apply_snapshot(rows: BookRows, feed: InstrumentFeed, book: Delta, stamps: Stamps) -> None:
    bids, asks = book.ticks[: book.bids], book.ticks[book.bids :]
    if len(bids) and len(asks) and int(bids.max()) >= int(asks.min()):
        raise Refusal(
            Reason.CROSSED,
            f"expected bids below asks, found {int(bids.max())} and {int(asks.min())} ticks",
        )
    released = feed.book.take_snapshot(book.last_id)
    if released is None:
        feed.totals.stale_snapshots += 1
        return
    feed.totals.snapshots += 1
    _, receive_ns, place, _ = stamps
    rows.add_snapshot(place, feed.tails, receive_ns, book)
    for delta in released:
        feed.totals.book_updates += 1
        rows.add_delta(place, feed.tails, receive_ns, delta)
