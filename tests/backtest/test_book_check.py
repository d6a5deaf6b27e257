"""The check agrees with a true book, and it finds a wrong one."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.backtest import book_check
from undertow.backtest.book_check import BookCheck, BookCheckResult, PlainBook, check_books
from undertow.backtest.recording import open_recordings
from undertow.domain.event_rows import to_array
from undertow.domain.market_event import (
    GAP_BOOK,
    BookLevel,
    BookUpdate,
    MarketEvent,
    Quote,
    SequenceGap,
)
from undertow.domain.side import Side

Sides = tuple[dict[int, int], dict[int, int]]


def best_of(sides: Sides) -> tuple[int, int, int, int]:
    bid, ask = max(sides[0], default=0), min(sides[1], default=0)
    return bid, sides[0].get(bid, 0), ask, sides[1].get(ask, 0)


def levels_of(sides: Sides) -> tuple[BookLevel, ...]:
    bids = [BookLevel(Side.BUY, ticks, lots) for ticks, lots in sides[0].items()]
    return (*bids, *(BookLevel(Side.SELL, ticks, lots) for ticks, lots in sides[1].items()))


def true_market(seed: int, count: int) -> list[MarketEvent]:
    """A venue that quotes every change of its best prices at once and its book now and then."""
    rng = random.Random(seed)
    sides: Sides = ({90 - i: 5 for i in range(20)}, {91 + i: 5 for i in range(20)})
    published: Sides = (dict(sides[0]), dict(sides[1]))
    events: list[MarketEvent] = [
        BookUpdate(0, 0, 1, 1, 1, 1, 1, is_snapshot=True, levels=levels_of(sides))
    ]
    told, last, late = best_of(sides), 1, []
    events.append(Quote(0, 0, 1, 1, *told, update_id=1))
    for update_id in range(2, count):
        side = rng.randrange(2)
        price = 90 - rng.randrange(20) if side == 0 else 91 + rng.randrange(20)
        sides[side][price] = rng.randrange(4)
        if not sides[side][price] or len(sides[side]) < 3:
            sides[side][price] = 0 if len(sides[side]) > 3 else 2
        if not sides[side][price]:
            del sides[side][price]
        if best_of(sides) != told:
            told = best_of(sides)
            late.append(Quote(0, 0, update_id, update_id, *told, update_id=update_id))
        if rng.random() < 0.3:
            changed = tuple(
                {p: now.get(p, 0) for p in {**was, **now} if was.get(p, 0) != now.get(p, 0)}
                for was, now in zip(published, sides, strict=True)
            )
            levels = levels_of((changed[0], changed[1]))
            ids = (last + 1, update_id, last)
            delta = BookUpdate(0, 0, 1, 1, *ids, is_snapshot=False, levels=levels)
            # Quotes come before or after the delta that they belong to.
            cut = rng.randrange(len(late) + 1)
            events += [*late[:cut], delta]
            late = late[cut:]
            published, last = (dict(sides[0]), dict(sides[1])), update_id
    return events + late


def check(events: list[MarketEvent]) -> BookCheckResult:
    return check_books([to_array(events)], [0])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_true_book_is_always_equal(seed: int) -> None:
    events = true_market(seed, 200)
    deltas = sum(isinstance(event, BookUpdate) for event in events) - 1
    result = check(events)
    assert (result.compared, result.equal, result.outside) == (deltas, deltas, 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 400), max_size=8))
def test_any_split_gives_the_same_result(seed: int, cuts: list[int]) -> None:
    rows = to_array(true_market(seed, 120))
    bounds = [0, *sorted(cut % len(rows) for cut in cuts), len(rows)]
    parts = [rows[start:stop] for start, stop in pairwise(bounds)]
    assert check_books(parts, [0]) == check_books([rows], [0])


def test_a_wrong_size_at_the_best_price_is_found() -> None:
    events = true_market(3, 200)
    i = next(i for i, event in enumerate(events) if isinstance(event, BookUpdate) and i > 20)
    update = events[i]
    assert isinstance(update, BookUpdate)
    wrong = (*update.levels, BookLevel(Side.BUY, 90, 77))
    events[i] = BookUpdate(0, 0, 1, 1, update.first_id, update.last_id, 0, False, wrong)
    result = check(events)
    assert 0 < result.equal < result.compared
    assert result.first_difference is not None
    assert result.first_difference.rebuilt[:2] == (90, 77)
    assert result.first_difference.update_id == update.last_id


def test_nothing_is_compared_between_a_gap_and_a_snapshot() -> None:
    events = true_market(4, 200)
    half = len(events) // 2
    gap = SequenceGap(0, 0, 1, 1, GAP_BOOK, 1, 2, 0)
    before, after = check(events[:half]), check([*events[:half], gap, *events[half:]])
    assert 0 < before.compared < check(events).compared
    assert (after.compared, after.equal) == (before.compared, before.compared)


def deep_snapshot(bids: int, asks: int) -> BookUpdate:
    sides: Sides = ({900 - i: 1 for i in range(bids)}, {1_000 + i: 1 for i in range(asks)})
    return BookUpdate(0, 0, 1, 1, 1, 1, 1, is_snapshot=True, levels=levels_of(sides))


@pytest.mark.parametrize(("bids", "is_bounded"), [(5, True), (7, False)])
def test_beyond_a_limited_snapshot_nothing_can_be_known(bids: int, is_bounded: bool) -> None:
    gone = tuple(BookLevel(Side.BUY, 900 - i, 0) for i in range(bids))
    fallen = (*gone, BookLevel(Side.BUY, 800, 3))
    delta = BookUpdate(0, 0, 1, 1, 2, 3, 1, is_snapshot=False, levels=fallen)
    result = check([deep_snapshot(bids, 3), Quote(0, 0, 1, 1, 850, 9, 1_000, 1, 2), delta])
    # The venue's best bid is an old order at 850 that no message ever told.
    expected = (0, 0, 1) if is_bounded else (1, 0, 0)
    assert (result.compared, result.equal, result.outside) == expected


def test_updates_before_the_first_quote_are_not_compared() -> None:
    delta = BookUpdate(0, 0, 1, 1, 2, 3, 1, is_snapshot=False, levels=())
    assert check([deep_snapshot(3, 3), delta]) == BookCheckResult(0, 0, 0)


def test_without_a_snapshot_there_is_no_book() -> None:
    assert check(true_market(8, 60)[1:]).compared == 0


def test_a_repeated_quote_says_nothing_new() -> None:
    events = true_market(9, 100)
    quotes = [event for event in events if isinstance(event, Quote)]
    assert check([*events, *quotes]) == check(events)


def test_other_instruments_do_not_count() -> None:
    rows = to_array(true_market(5, 100))
    rows["instrument"] = 4
    assert check_books([rows], [0]).compared == 0
    assert check_books([rows], [0, 4]).compared > 10


def test_old_quotes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_check, "QUOTES_KEPT", 4)
    monkeypatch.setattr(book_check, "_TRIM_AT", 8)
    checker = BookCheck(0)
    checker.add(to_array(true_market(6, 300)))
    assert len(checker._quotes) < 8


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.integers(0, 3)), max_size=60))
def test_the_plain_book_knows_its_best(changes: list[tuple[bool, int, int]]) -> None:
    book = PlainBook()
    sides: Sides = ({}, {})
    book.clear(is_valid=True)
    for is_bid, ticks, lots in changes:
        (book.put_bid if is_bid else book.put_ask)(ticks, lots)
        side = sides[0 if is_bid else 1]
        side[ticks] = lots
        if not lots:
            del side[ticks]
        assert book.best() == best_of(sides)


RECORDED = {
    "binance.spot": (("spot/btcusdt_20240808.gz", "spot/btcusdt_20240809.gz"), (6_469, 24)),
    "binance.usdm": (("usdm/btcusdt_20240808.gz",), (6_539, 8)),
    "binance.coinm": (
        ("cm/btcusd_perp_20240808.gz", "cm/btcusd_perp_20240809.gz"),
        (44_772, 0),
    ),
}


@pytest.mark.recorded
@pytest.mark.parametrize("venue", RECORDED)
def test_recorded_books_equal_the_venues_own_quotes(venue: str, recorded: Path) -> None:
    names, (compared, outside) = RECORDED[venue]
    files = ",".join(str(recorded / "hftbacktest" / name) for name in names)
    (recording,) = open_recordings([f"{venue}={files}"]).sources
    result = check_books(recording.chunks(), recording.indexes)
    assert (result.compared, result.outside) == (compared, outside)
    assert result.equal == result.compared
    assert result.first_difference is None


def test_a_quote_beyond_the_snapshot_widens_what_is_known() -> None:
    deep = tuple(BookLevel(Side.BUY, 100 - i, 1) for i in range(5))
    asks = tuple(BookLevel(Side.SELL, 101 + i, 1) for i in range(5))
    events: list[MarketEvent] = [BookUpdate(0, 0, 1, 1, 10, 10, 10, True, deep + asks)]
    gone = tuple(BookLevel(Side.BUY, 100 - i, 0) for i in range(5))
    # The best bid falls below the snapshot's five levels: unknown until the venue says what it is.
    events += [
        BookUpdate(0, 0, 2, 2, 11, 11, 10, False, (*gone, BookLevel(Side.BUY, 90, 3))),
        Quote(0, 0, 2, 2, 90, 3, 101, 1, 11),
        BookUpdate(0, 0, 3, 3, 12, 12, 11, False, (BookLevel(Side.BUY, 92, 4),)),
        Quote(0, 0, 3, 3, 92, 4, 101, 1, 12),
    ]
    result = check(events)
    assert (result.compared, result.equal, result.outside) == (1, 1, 1)
