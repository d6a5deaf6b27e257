"""Cutting a stream of rows into batches of even size without cutting a book update.

A batch ends with the first row at or after the wanted count that is not inside a book update, so it
may be longer by the rest of one update. Where the cuts fall depends on the rows only, not on how
they arrived; only the last batch may be shorter or end inside an update.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import InvariantBroken
from undertow.domain.market_event import EVENT, EventArray, EventKind


def rebatch(stream: Iterable[EventArray], rows: int) -> Iterator[EventArray]:
    """The same rows in batches of at least `rows` >= 1. Batches may be views of the stream's."""
    if rows < 1:
        raise InvariantBroken(f"expected batches of at least 1 row, found {rows}")
    held: EventArray = np.empty(0, EVENT)
    for chunk in stream:
        if not len(chunk):
            continue
        held = np.concatenate((held, chunk)) if len(held) else chunk
        if len(held) < rows:
            continue
        start = 0
        for stop in _cuts(held, rows):
            yield held[start:stop]
            start = stop
        held = held[start:]
    if len(held):
        yield held


def is_inside(rows: EventArray) -> NDArray[np.bool_]:
    """For each row, whether the next one belongs to the same book update."""
    kinds = rows["kind"]
    inside: NDArray[np.bool_] = (kinds == EventKind.BOOK_BEGIN) | (kinds == EventKind.BOOK_LEVEL)
    return inside


def _cuts(held: EventArray, rows: int) -> Iterator[int]:
    ends = np.flatnonzero(~is_inside(held)) + 1
    start = 0
    while True:
        place = int(np.searchsorted(ends, start + rows))
        if place == len(ends):
            return
        start = int(ends[place])
        yield start
