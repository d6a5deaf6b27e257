"""Watching a venue's own ids: gaps, repeats and late arrivals of one stream.

A message covers the ids `first` .. `last` (one id for a trade, a range for a book update) and is
expected to begin right after the last one. What is missing is remembered, the newest `MOST_HOLES`
holes of it, so that a late message can be told from a repeated one.
"""

from enum import IntEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import InvariantBroken

MOST_HOLES = 256


class Continuity(IntEnum):
    """How a message follows the ones before it."""

    FIRST = 1
    IN_ORDER = 2
    GAP = 3
    DUPLICATE = 4
    OUT_OF_ORDER = 5
    OVERLAP = 6


class SequenceVerdict(msgspec.Struct, frozen=True, gc=False):
    """What was expected and found; `lost` ids are missing before this message (GAP only).

    OUT_OF_ORDER fills ids that were missing; DUPLICATE brings nothing new; OVERLAP begins with old
    ids and ends with new ones.
    """

    continuity: Continuity
    expected: int
    found: int
    lost: int


class SequenceCounts(msgspec.Struct):
    """Of one stream: messages seen, gaps and the ids lost in them, ids that came late after all,
    messages repeated, late and overlapping.
    """

    messages: int = 0
    gaps: int = 0
    lost: int = 0
    recovered: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    overlaps: int = 0


class _State(msgspec.Struct):
    version: int
    expected: int
    has_begun: bool
    holes: list[tuple[int, int]]
    counts: SequenceCounts


class SequenceTracker:
    """Judges the ids of one stream, message by message."""

    def __init__(self) -> None:
        self._state = _State(1, 0, has_begun=False, holes=[], counts=SequenceCounts())

    @property
    def counts(self) -> SequenceCounts:
        """The totals so far."""
        return self._state.counts

    @property
    def expected(self) -> int:
        """The id that comes next when nothing is lost; 0 before the first message."""
        return self._state.expected

    def observe(self, first: int, last: int | None = None) -> SequenceVerdict:
        """Judge a message that covers `first` .. `last` (`last` = `first` when not given)."""
        state = self._state
        end = first if last is None else last
        if end < first:
            raise InvariantBroken(f"expected ids in order, found {first} to {end}")
        state.counts.messages += 1
        expected = state.expected
        if first == expected and state.has_begun:
            state.expected = end + 1
            return SequenceVerdict(Continuity.IN_ORDER, expected, first, 0)
        if not state.has_begun:
            state.has_begun = True
            state.expected = end + 1
            return SequenceVerdict(Continuity.FIRST, first, first, 0)
        if first > expected:
            return self._gap(first, end)
        return self._old(first, end)

    def observe_each(self, ids: NDArray[np.int64]) -> None:
        """Judge many messages of one id each; the same state as `observe` one by one."""
        if not len(ids):
            return
        for run in np.split(ids, np.flatnonzero(np.diff(ids) <= 0) + 1):
            old = 0
            if self._state.has_begun:
                old = int(np.searchsorted(run, self._state.expected))
            for one in run[:old].tolist():
                self.observe(one)
            if old < len(run):
                self._advance(run[old:])

    def restart(self) -> None:
        """Begin again at the next message, after a new connection or snapshot; totals stay."""
        self._state.has_begun = False
        self._state.expected = 0
        self._state.holes = []

    def snapshot(self) -> bytes:
        """The whole state."""
        return msgspec.msgpack.encode(self._state)

    def restore(self, data: bytes) -> None:
        """Go back to the state of a `snapshot`."""
        self._state = msgspec.msgpack.decode(data, type=_State)

    def _advance(self, ids: NDArray[np.int64]) -> None:
        # Rising ids at or after the expected one: in order, or with gaps between them.
        state = self._state
        if not state.has_begun:
            state.has_begun = True
            state.expected = int(ids[0])
        lows = np.concatenate(([state.expected], ids[:-1] + 1))
        gaps = np.flatnonzero(ids > lows)
        state.counts.messages += len(ids)
        state.counts.gaps += len(gaps)
        state.counts.lost += int((ids[gaps] - lows[gaps]).sum())
        newest = gaps[-MOST_HOLES:]
        state.holes += zip(lows[newest].tolist(), (ids[newest] - 1).tolist(), strict=True)
        del state.holes[:-MOST_HOLES]
        state.expected = int(ids[-1]) + 1

    def _gap(self, first: int, last: int) -> SequenceVerdict:
        state = self._state
        expected, lost = state.expected, first - state.expected
        state.holes.append((expected, first - 1))
        del state.holes[:-MOST_HOLES]
        state.counts.gaps += 1
        state.counts.lost += lost
        state.expected = last + 1
        return SequenceVerdict(Continuity.GAP, expected, first, lost)

    def _old(self, first: int, last: int) -> SequenceVerdict:
        state = self._state
        expected = state.expected
        filled = self._fill(first, last)
        state.counts.recovered += filled
        if last >= expected:
            state.expected = last + 1
            state.counts.overlaps += 1
            return SequenceVerdict(Continuity.OVERLAP, expected, first, 0)
        if filled:
            state.counts.out_of_order += 1
            return SequenceVerdict(Continuity.OUT_OF_ORDER, expected, first, 0)
        state.counts.duplicates += 1
        return SequenceVerdict(Continuity.DUPLICATE, expected, first, 0)

    def _fill(self, first: int, last: int) -> int:
        # Take first .. last out of the holes; how many ids that filled.
        filled = 0
        holes: list[tuple[int, int]] = []
        for low, high in self._state.holes:
            left, right = max(low, first), min(high, last)
            if left > right:
                holes.append((low, high))
                continue
            filled += right - left + 1
            if low < left:
                holes.append((low, left - 1))
            if right < high:
                holes.append((right + 1, high))
        self._state.holes = holes[-MOST_HOLES:]
        return filled
