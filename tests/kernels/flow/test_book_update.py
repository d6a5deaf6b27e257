"""Book updates: sequence, refusals, crossing; best bid and ask afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.flow.book_update import apply_update, invalidate_book, measure_update
from undertow.kernels.flow.layout import BOOK_FOLLOWING, BOOK_FRESH, BOOK_INVALID

Make = Callable[..., Any]
LEVELS = [(1, 100, 5), (1, 99, 3), (-1, 101, 4), (-1, 103, 2)]


class Book:
    """A book of instrument 0 and what it serves."""

    def __init__(self, arrays: Any, book_rows: Make) -> None:
        self.arrays = arrays
        self.rows = book_rows
        self.one = arrays.instruments[0]

    def apply(
        self, levels: list[tuple[int, int, int]], last: int, previous: int, flags: int = 0
    ) -> int:
        rows = self.rows(levels, last, previous, flags)
        return apply_update(self.arrays.run[0], 0, self.arrays.sources[0], rows, 0, len(rows))

    @property
    def best(self) -> tuple[int, ...]:
        return tuple(int(self.one[n]) for n in ("bid_ticks", "bid_lots", "ask_ticks", "ask_lots"))


@pytest.fixture
def book(make_arrays: Make, book_rows: Make) -> Book:
    """A synced book with last id 10."""
    made = Book(make_arrays(book_levels=4), book_rows)
    made.apply(LEVELS, 10, 10, flags=1)
    return made


def test_a_snapshot_serves_its_best(book: Book) -> None:
    assert book.best == (100, 5, 101, 4)
    assert book.one["book_status"] == BOOK_FRESH


def test_a_delta_that_joins_on_applies(book: Book) -> None:
    assert book.apply([(1, 100, 8), (-1, 101, 0)], 11, 10) == 3 + 4
    assert book.best == (100, 8, 103, 2)
    assert book.one["book_status"] == BOOK_FOLLOWING


def test_the_first_delta_may_reach_back(book: Book) -> None:
    book.apply([(1, 100, 8)], 12, 7)
    assert book.best == (100, 8, 101, 4)
    book.apply([(1, 100, 9)], 14, 11)
    assert book.best == (0, 0, 0, 0)
    assert (book.one["book_gaps"], book.arrays.sources["gaps"][0]) == (1, 1)


def test_stale_deltas_are_skipped_and_counted(book: Book) -> None:
    book.apply([(1, 100, 8)], 10, 9)
    assert book.best == (100, 5, 101, 4)
    assert book.one["stale_updates"] == 1


def test_a_gap_invalidates_until_a_snapshot(book: Book) -> None:
    book.apply([(1, 100, 8)], 13, 12)
    assert book.one["book_status"] == BOOK_INVALID
    book.apply([(1, 100, 8)], 14, 13)
    assert book.best == (0, 0, 0, 0)
    book.apply(LEVELS, 20, 20, flags=1)
    assert book.best == (100, 5, 101, 4)


def test_updates_without_ids_always_join(book: Book) -> None:
    book.apply([(1, 100, 8)], 0, 0)
    book.apply([(1, 100, 9)], 0, 0)
    assert book.best == (100, 9, 101, 4)


@pytest.mark.parametrize("level", [(1, 101, 1), (1, 105, 1), (-1, 100, 1)])
def test_a_crossed_book_is_never_served(level: tuple[int, int, int], book: Book) -> None:
    book.apply([level], 11, 10)
    assert book.best == (0, 0, 0, 0)
    assert (book.one["crossed_books"], book.one["bid_levels"]) == (1, 0)


@pytest.mark.parametrize("level", [(1, 99, -1), (1, 0, 5), (0, 99, 5), (1, 99, 2**60)])
def test_an_impossible_level_refuses_the_update(level: tuple[int, int, int], book: Book) -> None:
    book.apply([(1, 98, 1), level], 11, 10)
    assert book.one["book_status"] == BOOK_INVALID
    assert (book.one["refused_rows"], book.arrays.sources["refused_rows"][0]) == (1, 1)


def test_the_farthest_levels_are_dropped(book: Book) -> None:
    book.apply([(1, 98, 1), (1, 97, 1), (1, 96, 1)], 11, 10)
    assert book.one["dropped_levels"] == 1
    assert book.arrays.book_keys[0, 0].tolist() == [97, 98, 99, 100]


def test_a_side_may_be_empty(book: Book) -> None:
    assert book.apply([(-1, 101, 0), (-1, 103, 0)], 11, 10) == 0
    assert book.best == (100, 5, 0, 0)
    assert book.one["book_status"] == BOOK_FOLLOWING


def test_an_invalid_book_gives_way_to_the_quote(book: Book) -> None:
    book.one["has_quote"], book.one["quote_bid_ticks"], book.one["quote_ask_ticks"] = 1, 90, 95
    invalidate_book(book.one)
    assert book.best == (90, 0, 95, 0)


def test_rows_of_an_update_are_measured(book_rows: Make) -> None:
    rows = book_rows(LEVELS)
    assert measure_update(rows, 0, 6) == 6
    assert [measure_update(rows, 0, stop) for stop in range(1, 6)] == [0] * 5
    for column, value in (("kind", 1), ("instrument", 1), ("source", 1)):
        torn = rows.copy()
        torn[column][3] = value
        assert measure_update(torn, 0, 6) == -3
    short = rows.copy()
    short["qty_lots"][0] = 3
    assert measure_update(short, 0, 6) == -4
    short["qty_lots"][0] = -1
    assert measure_update(short, 0, 6) == -1
