"""From the venues to us: latency, one order per source, blocks that tile time.

A message leaves at its true time and takes the floor, plus an exponential part of its venue. One
connection delivers in order, so a message is never received before the one sent before it. The
total order of rows is (receive time, source, order of the source).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.row_join import join_rows, pick_rows


class Delivery:
    """Rows that have not left their venue, rows on their way, each source's last receipt."""

    def __init__(self, config: MarketConfig, listing: Listing) -> None:
        self._floor_ns = config.feed_latency_floor_ns
        self._source = listing.source.astype(np.uint16)
        self._skew_ns = listing.clock_skew_ns
        venue_of_source = np.repeat(np.arange(len(listing.venues)), 2)
        extra = np.array([spec.extra_latency_ns for spec in listing.venues], dtype=np.float64)
        self._extra_ns = extra[venue_of_source]
        self.unsent: EventArray = np.zeros(0, dtype=EVENT)
        self.pending: EventArray = np.zeros(0, dtype=EVENT)
        self.last_receive_ns: NDArray[np.int64] = np.full(
            len(listing.sources), config.start_ns, dtype=np.int64
        )

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays of fixed shape that change, by name; the rows are kept beside them."""
        return {"last_receive_ns": self.last_receive_ns}

    def deliver(
        self, made: EventArray, start_ns: int, end_ns: int, rng: np.random.Generator
    ) -> EventArray:
        """Take in a block's rows and return those received before `end_ns`, in total order.

        `made`: rows whose `event_time_ns` is the true time, not before `start_ns` (a late funding
        may be older: it leaves at `start_ns`); what is made for after `end_ns` leaves in its block.
        Rows of one instrument and instant must be in order.
        """
        rows = join_rows(self.unsent, made)
        is_early = rows["event_time_ns"] >= end_ns
        self.unsent = pick_rows(rows, is_early)
        rows = self._in_source_order(pick_rows(rows, ~is_early))
        leaves_ns = np.maximum(rows["event_time_ns"], start_ns)
        rows["event_time_ns"] += self._skew_ns[rows["instrument"]]
        rows["receive_time_ns"] = self._received(rows, leaves_ns, start_ns, rng)
        rows = join_rows(self.pending, rows)
        # Stable: within a source the rows are in order already, those still pending first.
        order = np.lexsort((rows["source"], rows["receive_time_ns"]))
        rows = pick_rows(rows, order)
        cut = int(np.searchsorted(rows["receive_time_ns"], end_ns, side="left"))
        self.pending = join_rows(rows[cut:])
        return join_rows(rows[:cut])

    def _in_source_order(self, sent: EventArray) -> EventArray:
        source = self._source[sent["instrument"]]
        order = np.lexsort((sent["event_time_ns"], source))
        rows = pick_rows(sent, order)
        rows["source"] = source[order]
        return rows

    def _received(
        self,
        rows: EventArray,
        leaves_ns: NDArray[np.int64],
        start_ns: int,
        rng: np.random.Generator,
    ) -> NDArray[np.int64]:
        # One latency a message: rows inside a book update take none of their own, and so get
        # their BOOK_BEGIN's time from the running maximum.
        kind = rows["kind"]
        heads = (kind != EventKind.BOOK_LEVEL) & (kind != EventKind.BOOK_END)
        source = rows["source"].astype(np.int64)
        extra = np.zeros(len(rows))
        extra[heads] = rng.standard_exponential(int(heads.sum()))
        extra *= self._extra_ns[source]
        # Times since the block began, at most minutes, leave room to run all sources at once:
        # a source's stretch lies above all times of the one before it.
        width = 1 << 50
        key = source * width + (leaves_ns - start_ns) + self._floor_ns + extra.astype(np.int64)
        first = np.searchsorted(source, np.arange(len(self.last_receive_ns)), side="left")
        last = np.searchsorted(source, np.arange(len(self.last_receive_ns)), side="right")
        for s in np.flatnonzero(last > first):
            key[first[s]] = max(key[first[s]], s * width + self.last_receive_ns[s] - start_ns)
        np.maximum.accumulate(key, out=key)
        received = key - source * width + start_ns
        for s in np.flatnonzero(last > first):
            self.last_receive_ns[s] = received[last[s] - 1]
        return np.asarray(received)
