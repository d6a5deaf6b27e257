"""The order of one book's updates: hand-over from snapshot to deltas, gaps, duplicates.

Theory of operation. Every delta says which update ids it covers: those after `previous_id` up to
`last_id`. The stream is a chain: each delta's `previous_id` is the `last_id` of the one before. The
chain is followed at all times, with or without a book, so every lost message is found once:

* `last_id` not above the chain's end: a duplicate or an old one; dropped and counted.
* `previous_id` not at the chain's end: something was lost. The book is invalid; the chain goes on
  from this delta.

Without a valid book deltas are kept. A snapshot at id S takes over: kept deltas up to S are
dropped, the first one left must reach back to S (`previous_id <= S`), and the rest is released. If
it does not reach back the snapshot is too old and another one is needed. Deltas at or below S that
arrive later are covered by the snapshot and dropped. The first delta applied to a snapshot is
released with `previous_id` = S, so that a book may insist on equality from there on.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

KEPT_DELTAS = 4_096
"""Deltas kept while waiting for a snapshot; beyond this the oldest is dropped."""


_NO_LEVELS: Final = np.zeros(0, np.int64)


class Delta:
    """The ids, event time and levels of one delta; the first `bids` levels are bids."""

    __slots__ = ("bids", "event_time_ns", "first_id", "last_id", "lots", "previous_id", "ticks")

    def __init__(self, first_id: int, last_id: int, previous_id: int, event_time_ns: int) -> None:
        self.first_id = first_id
        self.last_id = last_id
        self.previous_id = previous_id
        self.event_time_ns = event_time_ns
        self.bids = 0
        self.ticks = _NO_LEVELS
        self.lots = _NO_LEVELS

    def set_levels(self, bids: int, ticks: NDArray[np.int64], lots: NDArray[np.int64]) -> None:
        """Its levels, bids first."""
        self.bids = bids
        self.ticks = ticks
        self.lots = lots

    def own_levels(self) -> None:
        """Copy the levels: they are kept longer than the batch they are a part of."""
        self.ticks, self.lots = self.ticks.copy(), self.lots.copy()


class Step(IntEnum):
    """What a delta turned out to be."""

    APPLY = 1  # it extends the book: release it now
    KEEP = 2  # no book yet: kept for the hand-over
    COVERED = 3  # the snapshot has it already
    DUPLICATE = 4  # not new: dropped
    GAP = 5  # something was lost before it; the book is invalid and it is kept


class BookSequence:
    """The chain of one book. Ids are positive; 0 means none seen."""

    __slots__ = ("book_id", "chain_id", "is_synced", "kept", "lost_from_id")

    def __init__(self) -> None:
        self.is_synced = False
        self.chain_id = 0  # last_id of the last delta seen
        self.book_id = 0  # last id in the book, while synced
        self.kept: list[Delta] = []
        self.lost_from_id = 0  # the id expected at the last gap

    @property
    def needs_snapshot(self) -> bool:
        """Deltas arrive and there is no book to apply them to: fetch a snapshot now."""
        return not self.is_synced and bool(self.kept)

    def next_delta(self, delta: Delta) -> Step:
        """Place a delta in the chain. On APPLY the caller releases it with `previous_id` as left in
        it; on GAP `lost_from_id` is the id the chain expected.
        """
        chain = self.chain_id
        if delta.last_id <= chain:
            return Step.DUPLICATE
        if chain and delta.previous_id != chain:
            return self._break(delta, chain)
        self.chain_id = delta.last_id
        if not self.is_synced:
            self._keep(delta)
            return Step.KEEP
        if delta.last_id <= self.book_id:
            return Step.COVERED
        if delta.previous_id > self.book_id:
            # Only with no delta before the snapshot: it was older than the first delta.
            return self._break(delta, self.book_id)
        delta.previous_id = self.book_id
        self.book_id = delta.last_id
        return Step.APPLY

    def take_snapshot(self, last_id: int) -> list[Delta] | None:
        """Hand over to a snapshot: the deltas to release after it, or None when it is of no use
        (too old for the deltas kept, or not newer than the book).
        """
        if self.is_synced and last_id <= self.book_id:
            return None
        rest = [delta for delta in self.kept if delta.last_id > last_id]
        if rest and rest[0].previous_id > last_id:
            self.kept = rest
            return None
        self.kept = []
        self.is_synced = True
        self.book_id = last_id
        for delta in rest:
            delta.previous_id = self.book_id
            self.book_id = delta.last_id
        return rest

    def lose(self) -> None:
        """The connection was lost: the book is invalid and the chain starts anew."""
        self.is_synced = False
        self.kept = []
        self.chain_id = 0
        self.book_id = 0

    def _break(self, delta: Delta, expected_after: int) -> Step:
        self.lost_from_id = expected_after
        self.is_synced = False
        self.kept = [delta]
        self.chain_id = delta.last_id
        return Step.GAP

    def _keep(self, delta: Delta) -> None:
        if len(self.kept) >= KEPT_DELTAS:
            del self.kept[0]
        self.kept.append(delta)
