"""One book in the kernels' layout, and plain readers of it."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray
from undertow.kernels.synthetic.book_layout import COUNTERS, WALL_COLUMNS

Levels = list[tuple[int, int]]


class Book:
    """A book of one instrument with six levels a side at most."""

    def __init__(self, bids: Levels, asks: Levels) -> None:
        self.book: NDArray[np.int64] = np.zeros((1, 2, 6, 2), dtype=np.int64)
        self.shown = self.book.copy()
        self.counters: NDArray[np.int64] = np.zeros((1, COUNTERS), dtype=np.int64)
        self.wall: NDArray[np.int64] = np.zeros((1, WALL_COLUMNS), dtype=np.int64)
        self.rows: EventArray = np.zeros(200, dtype=EVENT)
        self.set(0, bids)
        self.set(1, asks)

    def set(self, side: int, levels: Levels) -> None:
        """Replace a side."""
        self.counters[0, side] = len(levels)
        if levels:
            self.book[0, side, : len(levels)] = levels

    def side(self, side: int) -> Levels:
        """A side's levels, best first."""
        count = int(self.counters[0, side])
        return [(int(t), int(q)) for t, q in self.book[0, side, :count]]


@pytest.fixture(scope="session")
def make_book() -> Callable[[Levels, Levels], Book]:
    """A maker of books."""
    return Book
