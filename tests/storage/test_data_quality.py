import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.event_rows import to_array
from undertow.domain.market_event import (
    GAP_BOOK,
    BookLevel,
    BookUpdate,
    EventArray,
    MarketEvent,
    Quote,
    SequenceGap,
    Trade,
)
from undertow.domain.side import Side
from undertow.storage.data_quality import LATENESS_NS, QualityCounts, QualityWatch


def _trade(trade_id: int, event_ns: int = 100, receive_ns: int = 150) -> Trade:
    return Trade(0, 0, event_ns, receive_ns, Side.BUY, 10, 1, trade_id)


def _book(
    previous: int, last: int, levels: list[tuple[int, int, int]], *, is_snapshot: bool = False
) -> BookUpdate:
    made = tuple(BookLevel(Side(side), price, lots) for side, price, lots in levels)
    return BookUpdate(0, 0, 100, 150, last, last, previous, is_snapshot, made)


def _counts(*events: MarketEvent) -> QualityCounts:
    watch = QualityWatch()
    watch.observe(to_array(events))
    return watch.take()


WHOLE = _book(5, 5, [(1, 10, 1), (1, 9, 1), (-1, 12, 1), (-1, 13, 1)], is_snapshot=True)


def test_trades_repeated_late_and_skipped() -> None:
    counts = _counts(*[_trade(one) for one in (1, 2, 2, 5, 4, 0, 0)])
    assert (counts.trades, counts.duplicates) == (7, 1)
    assert (counts.out_of_order, counts.trade_id_jumps) == (1, 1)


def test_gaps_of_the_venue() -> None:
    gap = SequenceGap(0, 0, 1, 1, GAP_BOOK, 5, 9, 4)
    counts = _counts(gap, gap)
    assert (counts.gaps, counts.lost) == (2, 8)


@pytest.mark.parametrize(
    ("updates", "crossed", "breaks"),
    [
        ([_book(5, 6, [(1, 11, 1)])], 0, 0),
        ([_book(5, 6, [(1, 12, 1)])], 1, 0),
        ([_book(5, 6, [(1, 12, 1), (-1, 12, 0)])], 0, 0),
        ([_book(5, 6, [(1, 12, 1)]), _book(6, 7, [(-1, 12, 0)])], 1, 0),
        ([_book(5, 6, [(1, 10, 0)]), _book(6, 7, [(-1, 9, 1)])], 1, 0),
        ([_book(7, 8, [(1, 20, 1)])], 0, 1),
        ([_book(7, 8, [(1, 20, 1)]), _book(9, 10, [])], 0, 1),
        ([_book(3, 4, [(1, 20, 1)])], 0, 0),  # stale
        ([_book(3, 6, []), _book(5, 7, [])], 0, 1),  # only the first may reach back
        ([SequenceGap(0, 0, 1, 1, GAP_BOOK, 6, 9, 3), _book(5, 6, [(1, 20, 1)])], 0, 0),
        ([_book(0, 0, [(1, 20, 1)])], 1, 0),  # a venue without sequence
    ],
)
def test_books_that_break_or_cross(updates: list[MarketEvent], crossed: int, breaks: int) -> None:
    counts = _counts(WHOLE, *updates)
    assert (counts.crossed_books, counts.book_breaks) == (crossed, breaks)


def test_quotes_that_cross() -> None:
    good, bad = Quote(0, 0, 1, 1, 10, 1, 11, 1), Quote(0, 0, 1, 1, 11, 1, 11, 1)
    counts = _counts(good, bad, Quote(0, 0, 1, 1, 10, 1, 0, 0))
    assert (counts.quotes, counts.crossed_quotes) == (3, 1)


def test_late_rows_and_the_clock() -> None:
    late = 5 * LATENESS_NS
    counts = _counts(
        _trade(1, late, late - 20), _trade(2, late - LATENESS_NS, late), _trade(3, 7, late)
    )
    assert (counts.late, counts.timed, counts.latency_min_ns) == (1, 3, -20)
    assert counts.latency_max_ns == late - 7
    assert counts.latency_mean_ns == (-20 + LATENESS_NS + late - 7) / 3
    assert math.isnan(QualityCounts().latency_mean_ns)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3 * LATENESS_NS)), max_size=30),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_sums_do_not_depend_on_the_cuts(trades: list[tuple[int, int]], cuts: list[int]) -> None:
    rows: EventArray = to_array(
        [WHOLE, *[_trade(one, time) for one, time in trades], _book(5, 6, [(1, 12, 1)])]
    )
    whole, split, total = QualityWatch(), QualityWatch(), QualityCounts()
    whole.observe(rows)
    for part in np.split(rows, sorted(min(cut, len(rows)) for cut in cuts)):
        split.observe(part)
        total = total.plus(split.take())
    assert total == whole.take()


@pytest.mark.recorded
def test_a_recorded_perpetual_is_whole_and_its_clock_is_off(recorded_rows: EventArray) -> None:
    watch = QualityWatch()
    watch.observe(recorded_rows)
    counts = watch.take()
    assert counts.book_updates > 500
    assert counts.trades > 1_000
    broken = (counts.gaps, counts.trade_id_jumps, counts.duplicates, counts.book_breaks)
    assert broken == (0, 0, 0, 0)
    assert (counts.crossed_books, counts.late) == (0, 0)
    # The recorder's clock was 1.27 s slow.
    assert -1_300_000_000 < counts.latency_min_ns < -1_250_000_000
