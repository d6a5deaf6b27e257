"""One sequenced stream from several recorded ones, the same however they were cut into chunks.

The order is total: by (receive time, rank, place), where rank is a source's place in the list and
place the row's number in its source. Rules:

* A receive time that goes back inside a source is raised to the greatest before it, and counted.
* A book update is one thing, received when its BOOK_END is: all its rows carry that time and no
  other row comes between them. An update without its end when the source ends is left out, and its
  rows counted.
* So receive times of the result never decrease.

Memory: about `LEAST_ROWS` or one chunk of each source, whichever is more, and no history.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.timeline.batching import is_inside

Keys = NDArray[np.int64]
Words = NDArray[np.int64]
Keyed = tuple[Keys, EventArray]

LEAST_ROWS = 16_384
"""Chunks are joined up to this many rows, or cut into pieces of it, before they are merged."""

_WORDS = EVENT.itemsize // 8
_TIME = 1
assert EVENT.names is not None
assert EVENT.names[_TIME] == "receive_time_ns"


class SourceCounts(msgspec.Struct):
    """What was met in one source: rows given on, rows whose time went back, rows of an update
    that never ended.
    """

    rows: int = 0
    went_back: int = 0
    unfinished: int = 0


class MergedSources:
    """Iterate once to get the merged stream as arrays of any length; use `rebatch` to even them.

    `counts` are final when the iteration is. The sources' own arrays are never written to.
    """

    def __init__(self, sources: Sequence[Iterable[EventArray]]) -> None:
        self._sources = tuple(sources)
        self.counts = tuple(SourceCounts() for _ in self._sources)

    def __iter__(self) -> Iterator[EventArray]:
        keyed = [
            _by_receive_time(source, rank, self.counts[rank])
            for rank, source in enumerate(self._sources)
        ]
        return merge_by_key(keyed)


def merge_by_key(streams: Sequence[Iterator[Keyed]]) -> Iterator[EventArray]:
    """Merge streams of (keys, rows) whose keys never decrease; equal keys go by stream order."""
    waiting = [_Waiting(stream) for stream in streams]
    while True:
        open_ends = [(one.keys[-1], rank) for rank, one in enumerate(waiting) if not one.is_over]
        if not open_ends:
            yield from _merged([one.take(len(one.keys)) for one in waiting])
            return
        # Up to the first end no stream can still bring a row that belongs before it.
        key, first = min(open_ends)
        parts = [
            one.take(int(np.searchsorted(one.keys, key, "right" if rank <= first else "left")))
            for rank, one in enumerate(waiting)
        ]
        yield from _merged(parts)
        waiting[first].refill()


class _Waiting:
    # The rows of one stream that are read and not yet given on. Rows are kept as eight words each:
    # copying and gathering those is several times faster than doing it with records.

    def __init__(self, stream: Iterator[Keyed]) -> None:
        self._pieces = _pieces(stream)
        self.keys: Keys = np.empty(0, np.int64)
        self.words: Words = np.empty((0, _WORDS), np.int64)
        self.is_over = False
        self.refill()

    def refill(self) -> None:
        keys, words = [self.keys], [self.words]
        count = len(self.keys)
        while count < LEAST_ROWS:
            piece = next(self._pieces, None)
            if piece is None:
                self.is_over = True
                break
            keys.append(piece[0])
            words.append(words_of(piece[1]))
            count += len(piece[0])
        self.keys, self.words = np.concatenate(keys), np.concatenate(words)

    def take(self, count: int) -> tuple[Keys, Words]:
        taken = self.keys[:count], self.words[:count]
        self.keys, self.words = self.keys[count:], self.words[count:]
        return taken


def _pieces(stream: Iterator[Keyed]) -> Iterator[Keyed]:
    # Long chunks in pieces: sorting and gathering are faster when they fit the cache.
    for keys, rows in stream:
        for start in range(0, len(keys), LEAST_ROWS):
            yield keys[start : start + LEAST_ROWS], rows[start : start + LEAST_ROWS]


def words_of(rows: EventArray) -> Words:
    """The rows as eight 64-bit words each, without a copy where they are contiguous."""
    return np.ascontiguousarray(rows).view(np.int64).reshape(-1, _WORDS)


def rows_of_words(words: Words) -> EventArray:
    """The rows that `words_of` showed as words."""
    return np.ascontiguousarray(words).view(EVENT).reshape(-1)


def _merged(parts: list[tuple[Keys, Words]]) -> Iterator[EventArray]:
    filled = [part for part in parts if len(part[0])]
    if not filled:
        return
    if len(filled) == 1:
        yield rows_of_words(filled[0][1])
        return
    order = np.argsort(np.concatenate([keys for keys, _ in filled]), kind="stable")
    yield rows_of_words(np.take(np.concatenate([words for _, words in filled]), order, axis=0))


def _by_receive_time(
    source: Iterable[EventArray], rank: int, counts: SourceCounts
) -> Iterator[Keyed]:
    # Whole units only, each row keyed by the time its unit is received.
    held: Words = np.empty((0, _WORDS), np.int64)
    latest = np.iinfo(np.int64).min
    for chunk in source:
        for start in range(0, len(chunk), LEAST_ROWS):
            words = np.concatenate((held, words_of(chunk[start : start + LEAST_ROWS])))
            rows = rows_of_words(words)
            inside = is_inside(rows)
            _check_updates(rows, inside, rank, counts.rows)
            stop = _last_end(inside)
            held = words[stop:]
            if stop:
                keys = _unit_times(words[:stop, _TIME], inside[:stop], latest, counts)
                latest = int(keys[-1])
                counts.rows += stop
                words[:stop, _TIME] = keys
                yield keys, rows[:stop]
    counts.unfinished = len(held)


def _last_end(inside: NDArray[np.bool_]) -> int:
    # How many rows come before an update that is not whole yet.
    outside = np.flatnonzero(~inside)
    return int(outside[-1]) + 1 if len(outside) else 0


def _unit_times(times: Keys, inside: NDArray[np.bool_], latest: int, counts: SourceCounts) -> Keys:
    keys = np.maximum.accumulate(np.maximum(times, latest))
    counts.went_back += int(np.count_nonzero(times < keys))
    where = np.flatnonzero(inside)
    if len(where):
        ends = np.flatnonzero(~inside)
        keys[where] = keys[ends[np.searchsorted(ends, where)]]
    return keys


def _check_updates(rows: EventArray, inside: NDArray[np.bool_], rank: int, before: int) -> None:
    # Inside an update only levels and its end may come; outside of one neither may.
    kinds = rows["kind"]
    goes_on = (kinds == EventKind.BOOK_LEVEL) | (kinds == EventKind.BOOK_END)
    expected = np.empty_like(goes_on)
    expected[:1] = False
    expected[1:] = inside[:-1]
    wrong = np.flatnonzero(goes_on != expected)
    if len(wrong):
        place = int(wrong[0])
        kind = int(rows["kind"][place])
        what = "a level or the end of" if expected[place] else "no level or end outside"
        raise DataError(
            f"source {rank}, row {before + place}: expected {what} a book update, found kind {kind}"
        )
