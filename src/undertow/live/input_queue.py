"""The bounded queue between the venues' tasks and the engine.

Overflow policy: reports, operators' commands and source changes are never dropped. Market rows are
bounded by `max_rows`; when a batch would exceed it, every waiting row of the sources in that batch
is dropped together with it, and one GAP row per instrument takes their place: the books become
invalid until a snapshot, and what was lost is counted. So memory is bounded, and an overload shows
as missing data, never as a wrong book.
"""

import asyncio
from collections import deque

import numpy as np

from undertow.domain.engine_input import Input
from undertow.domain.market_event import EVENT, GAP_BOOK, EventArray, EventKind

Item = EventArray | Input


class InputQueue:
    """Items in order of arrival; one consumer."""

    def __init__(self, max_rows: int = 1_000_000) -> None:
        self._max_rows = max_rows
        self._items: deque[Item] = deque()
        self._rows = 0
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self.dropped_rows = 0
        self.most_rows = 0

    @property
    def waiting_rows(self) -> int:
        """Market rows that wait."""
        return self._rows

    @property
    def is_empty(self) -> bool:
        """True when nothing waits."""
        return not self._items

    def put(self, item: Item) -> None:
        """Add an item; market rows may be dropped, nothing else ever is."""
        if isinstance(item, np.ndarray):
            if not len(item):
                return
            if self._rows + len(item) > self._max_rows:
                item = self._shed(item)
            self._rows += len(item)
            self.most_rows = max(self.most_rows, self._rows)
        self._items.append(item)
        self._arrived.set()
        self._settled.clear()

    async def get(self) -> Item:
        """The oldest item; waits for one. Say `task_done` when it has been handled."""
        while not self._items:
            self._arrived.clear()
            await self._arrived.wait()
        item = self._items.popleft()
        if isinstance(item, np.ndarray):
            self._rows -= len(item)
        return item

    def task_done(self) -> None:
        """The item got last was handled, its commands sent."""
        if not self._items:
            self._settled.set()

    async def settled(self) -> None:
        """Wait until everything that was put has been handled."""
        await self._settled.wait()

    def _shed(self, batch: EventArray) -> EventArray:
        sources = np.unique(batch["source"])
        kept: deque[Item] = deque()
        lost = [batch]
        for item in self._items:
            if not isinstance(item, np.ndarray):
                kept.append(item)
                continue
            is_lost = np.isin(item["source"], sources)
            lost.append(item[is_lost])
            if not is_lost.all():
                kept.append(item[~is_lost])
        self._items = kept
        self._rows = sum(len(item) for item in kept if isinstance(item, np.ndarray))
        gone = np.concatenate(lost)
        self.dropped_rows += int((gone["kind"] != EventKind.GAP).sum())
        return _gap_rows(gone)


def _gap_rows(gone: EventArray) -> EventArray:
    # One gap per instrument and source, stamped with the last time that was lost. A gap among what
    # is lost stands for what it says was lost before.
    counts = np.where(gone["kind"] == EventKind.GAP, gone["qty_lots"], 1)
    pairs = np.unique(gone[["source", "instrument"]])
    rows = np.zeros(len(pairs), EVENT)
    rows["source"], rows["instrument"] = pairs["source"], pairs["instrument"]
    rows["kind"] = EventKind.GAP
    rows["qty_b"] = GAP_BOOK
    rows["event_time_ns"] = gone["event_time_ns"].max()
    rows["receive_time_ns"] = gone["receive_time_ns"].max()
    for row in rows:
        same = (gone["source"] == row["source"]) & (gone["instrument"] == row["instrument"])
        row["qty_lots"] = int(counts[same].sum())
    return rows
