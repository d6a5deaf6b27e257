import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken
from undertow.domain.event_rows import book_rows, from_array, rows_of, rows_to_array, to_array
from undertow.domain.market_event import (
    EVENT,
    BookLevel,
    BookUpdate,
    EventKind,
    FundingPaid,
    Liquidation,
    MarketEvent,
    MarkPrice,
    OpenInterest,
    Quote,
    SequenceGap,
    SourceStatus,
    Trade,
)
from undertow.domain.side import Side

count = st.integers(0, 2**62)
signed = st.integers(-(2**62), 2**62)
head = (st.integers(0, 65_535), st.integers(0, 65_535), count, count)
side = st.sampled_from(Side)
levels = st.lists(st.builds(BookLevel, side, count, count), max_size=5).map(tuple)
events: st.SearchStrategy[MarketEvent] = st.one_of(
    st.builds(Trade, *head, side, count, count, count),
    st.builds(BookUpdate, *head, count, count, signed, st.booleans(), levels),
    st.builds(Quote, *head, count, count, count, count, count),
    st.builds(MarkPrice, *head, count, count, signed, count),
    st.builds(OpenInterest, *head, count),
    st.builds(Liquidation, *head, side, count, count),
    st.builds(FundingPaid, *head, count, signed),
    st.builds(SequenceGap, *head, st.sampled_from([1, 2]), count, count, count),
    st.builds(SourceStatus, *head, st.booleans()),
)


@given(st.lists(events, max_size=10))
def test_objects_and_rows_convert_exactly_both_ways(batch: list[MarketEvent]) -> None:
    rows = to_array(batch)
    assert list(from_array(rows)) == batch
    assert np.array_equal(to_array(from_array(rows)), rows)


def test_a_book_update_is_contiguous() -> None:
    update = BookUpdate(1, 0, 5, 6, 10, 12, 9, True, (BookLevel(Side.BUY, 100, 3),))
    kinds = [row[9] for row in book_rows(update)]
    assert kinds == [EventKind.BOOK_BEGIN, EventKind.BOOK_LEVEL, EventKind.BOOK_END]
    assert rows_of(update) == book_rows(update)


def test_a_cut_book_update_is_our_bug() -> None:
    rows = to_array([BookUpdate(1, 0, 5, 6, 10, 12, 9, False, (BookLevel(Side.BUY, 100, 3),))])
    with pytest.raises(InvariantBroken, match="BOOK_END"):
        list(from_array(rows[:2]))


def test_a_lone_level_is_our_bug() -> None:
    rows = rows_to_array([(0, 0, 1, 1, 0, 0, 0, 0, 0, EventKind.BOOK_LEVEL, 1, 0)])
    with pytest.raises(InvariantBroken, match="BOOK_LEVEL"):
        list(from_array(rows))


def test_no_events_are_an_empty_array() -> None:
    assert rows_to_array([]).dtype == EVENT
    assert list(from_array(rows_to_array([]))) == []
