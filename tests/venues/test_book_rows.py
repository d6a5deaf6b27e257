import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.event_rows import from_array, to_array
from undertow.domain.market_event import (
    GAP_BOOK,
    BookLevel,
    BookUpdate,
    MarketEvent,
    SequenceGap,
    Trade,
)
from undertow.domain.side import Side
from undertow.venues import book_rows
from undertow.venues.book_rows import BookRows
from undertow.venues.book_sequence import Delta
from undertow.venues.row_bytes import pack_head
from undertow.venues.row_tails import RowTails

SOURCE = 3
TAILS = {index: RowTails(index, SOURCE) for index in (0, 9)}


def levels_of(rng: random.Random, side: Side) -> list[BookLevel]:
    return [
        BookLevel(side, rng.randrange(1, 2**40), rng.randrange(2**40))
        for _ in range(rng.choice([0, 1, 3, 40]))
    ]


def script(seed: int) -> list[MarketEvent]:
    """Updates, snapshots, gaps and trades of two instruments, in a random order."""
    rng = random.Random(seed)
    events: list[MarketEvent] = []
    for at in range(rng.randrange(9)):
        index, times = rng.choice([0, 9]), (at, at + 1)
        kind = rng.randrange(4)
        if kind == 0:
            events.append(Trade(index, SOURCE, *times, Side.SELL, 5, 6, at))
        elif kind == 1:
            events.append(SequenceGap(index, SOURCE, *times, GAP_BOOK, at, at + 4, 0))
        else:
            ids = (at, at, at) if kind == 2 else (at + 2, at + 5, at + 1)
            levels = (*levels_of(rng, Side.BUY), *levels_of(rng, Side.SELL))
            events.append(BookUpdate(index, SOURCE, *times, *ids, kind == 2, levels))
    return events


def delta_of(update: BookUpdate) -> Delta:
    delta = Delta(update.first_id, update.last_id, update.previous_id, update.event_time_ns)
    delta.set_levels(
        sum(level.side is Side.BUY for level in update.levels),
        np.array([level.price_ticks for level in update.levels], np.int64),
        np.array([level.qty_lots for level in update.levels], np.int64),
    )
    return delta


def play(events: list[MarketEvent]) -> list[MarketEvent]:
    rows = BookRows()
    others = bytearray()
    for event in events:
        place, tails = len(others) // 64, TAILS[event.instrument]
        if isinstance(event, BookUpdate):
            add = rows.add_snapshot if event.is_snapshot else rows.add_delta
            add(place, tails, event.receive_time_ns, delta_of(event))
        elif isinstance(event, SequenceGap):
            found = Delta(0, 0, event.found_id, event.event_time_ns)
            rows.add_gap(place, tails, event.receive_time_ns, found, event.expected_id)
        elif isinstance(event, Trade):
            head = (event.event_time_ns, event.receive_time_ns, 5, 6, 0, 0, event.trade_id)
            others += pack_head(*head) + tails.sell
    return list(from_array(rows.merged(others)))


@given(st.integers(0, 10**9))
def test_rows_come_in_the_order_of_the_events(seed: int) -> None:
    events = script(seed)
    assert play(events) == list(from_array(to_array(events)))


@pytest.mark.parametrize("few", [0, 10**9])
def test_packing_and_array_operations_make_the_same_rows(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_rows, "_FEW", few)
    for seed in range(60):
        events = script(seed)
        assert play(events) == list(from_array(to_array(events)))
