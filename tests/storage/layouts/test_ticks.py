"""Ticks to rows, worked by hand from the table of `market_event`."""

import numpy as np

from undertow.domain.event_rows import from_array
from undertow.domain.fixed import Step
from undertow.domain.market_event import BookUpdate, EventKind, Quote, Trade
from undertow.domain.side import Side
from undertow.storage.layouts.ticks import (
    BOOK,
    FACTS,
    QUOTES,
    TRADES,
    make_ticks,
    rows_of_ticks,
    sound_ticks,
)

AT = np.array([10**18, 10**18 + 5, 10**18 + 9])
TENTH, HUNDREDTH = Step(1, 1), Step(1, 2)


def test_trades() -> None:
    ticks = make_ticks(
        TRADES, AT, price=np.array([10.5, 11, 12]), qty=np.array([0.25, 1, 2]),
        side=np.array([1, -1, 1]), id=np.array([7, 8, 9]),
    )  # fmt: skip
    events = list(from_array(rows_of_ticks(ticks, TENTH, HUNDREDTH)))
    assert events[0] == Trade(0, 0, int(AT[0]), int(AT[0]) + 5_000_000, Side.BUY, 105, 25, 7)
    assert isinstance(events[1], Trade)
    assert events[1].side is Side.SELL


def test_quotes_with_a_time_of_receipt() -> None:
    received = AT + 40
    ticks = make_ticks(
        QUOTES, AT, receive_ns=received, price=np.full(3, 10.0), qty=np.ones(3),
        price_b=np.full(3, 10.1), qty_b=np.full(3, 2.0),
    )  # fmt: skip
    (first, *_) = from_array(rows_of_ticks(ticks, TENTH, HUNDREDTH))
    assert first == Quote(0, 0, int(AT[0]), int(AT[0]) + 40, 100, 100, 101, 200)


def test_a_book_is_grouped_into_updates() -> None:
    ticks = make_ticks(
        BOOK, AT[[0, 0, 1]], receive_ns=AT[[0, 1, 2]], price=np.array([10.0, 10.1, 10.2]),
        qty=np.array([1.0, 2.0, 0.0]), side=np.array([1, -1, -1]), group=np.array([4, 4, 5]),
        is_snapshot=np.array([True, True, False]), id=np.array([20, 20, 30]),
        previous=np.array([20, 20, 20]),
    )  # fmt: skip
    rows = rows_of_ticks(ticks, TENTH, HUNDREDTH)
    snapshot, delta = from_array(rows)
    assert isinstance(snapshot, BookUpdate)
    assert isinstance(delta, BookUpdate)
    assert snapshot.is_snapshot
    assert [(level.side, level.price_ticks, level.qty_lots) for level in snapshot.levels] == [
        (Side.BUY, 100, 100), (Side.SELL, 101, 200),
    ]  # fmt: skip
    assert (delta.previous_id, delta.last_id, delta.levels[0].qty_lots) == (20, 30, 0)
    # All of an update is received with its last level.
    assert rows["receive_time_ns"].tolist() == [int(AT[1])] * 4 + [int(AT[2])] * 3
    assert len(rows_of_ticks(ticks.part(slice(0, 0)), TENTH, HUNDREDTH)) == 0


def test_facts_are_marks_and_open_interest() -> None:
    nan = np.nan
    ticks = make_ticks(
        FACTS, AT, price=np.array([100.5, nan, 101]), price_b=np.array([100.0, nan, nan]),
        qty=np.array([5.0, 6.0, nan]), qty_b=np.array([0.0001, nan, nan]), id=AT + 1,
    )  # fmt: skip
    rows = rows_of_ticks(ticks, TENTH, HUNDREDTH)
    kinds = [
        EventKind.MARK_PRICE,
        EventKind.OPEN_INTEREST,
        EventKind.OPEN_INTEREST,
        EventKind.MARK_PRICE,
    ]
    assert rows["kind"].tolist() == kinds
    mark = rows[0]
    values = [int(mark[name]) for name in ("price_ticks", "price_b", "qty_b", "sequence")]
    assert values == [10_050_000_000, 10_000_000_000, 100_000_000, int(AT[0]) + 1]
    assert rows["qty_lots"].tolist() == [0, 500, 600, 0]


def test_what_cannot_be_is_left_out() -> None:
    times = np.array([1, 1, 1, 1, 0]) * 10**18
    ticks = make_ticks(
        TRADES, times, price=np.array([1.0, np.nan, -1, 1, 1]), qty=np.array([1.0, 1, 1, 0, 1]),
        side=np.array([1, 1, 1, 1, 1]),
    )  # fmt: skip
    sound, refused = sound_ticks(ticks)
    assert (len(sound), refused) == (1, 4)
    quotes = make_ticks(QUOTES, times[:2], price=np.ones(2), price_b=np.array([1.0, 0]))
    assert sound_ticks(quotes)[1] == 1
    assert sound_ticks(sound) == (sound, 0)
