"""Exact conversion between market event objects and `EVENT` rows, both ways."""

from collections.abc import Iterable, Iterator

import numpy as np

from undertow.domain.errors import InvariantBroken
from undertow.domain.market_event import (
    EVENT,
    FLAG_SNAPSHOT,
    STATUS_HEALTHY,
    BookLevel,
    BookUpdate,
    EventArray,
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

Row = tuple[int, int, int, int, int, int, int, int, int, int, int, int]
"""One `EVENT` row as a tuple in column order: what a codec appends to its list."""


def rows_of(event: MarketEvent) -> list[Row]:
    """The rows of one event: one, except for a book update (begin, levels, end)."""
    if isinstance(event, BookUpdate):
        return book_rows(event)
    return [_single_row(event)]


def book_rows(update: BookUpdate) -> list[Row]:
    """The rows of a book update."""
    head = (update.event_time_ns, update.receive_time_ns)
    tail = (update.last_id, update.instrument, update.source)
    flags = FLAG_SNAPSHOT if update.is_snapshot else 0
    count = len(update.levels)
    begin = (*head, update.first_id, count, 0, update.previous_id, *tail)
    rows: list[Row] = [(*begin, EventKind.BOOK_BEGIN, 0, flags)]
    rows += [
        (*head, level.price_ticks, level.qty_lots, 0, 0, *tail, EventKind.BOOK_LEVEL, level.side, 0)
        for level in update.levels
    ]
    rows.append((*head, 0, 0, 0, 0, *tail, EventKind.BOOK_END, 0, 0))
    return rows


def _single_row(event: MarketEvent) -> Row:
    side = 0
    sequence = 0
    match event:
        case Trade():
            kind, side, sequence = EventKind.TRADE, int(event.side), event.trade_id
            values = (event.price_ticks, event.qty_lots, 0, 0)
        case Quote():
            kind, sequence = EventKind.QUOTE, event.update_id
            values = (event.bid_ticks, event.bid_lots, event.ask_ticks, event.ask_lots)
        case MarkPrice():
            kind, sequence = EventKind.MARK_PRICE, event.next_funding_ns
            values = (event.mark_e8, 0, event.index_e8, event.funding_rate_e12)
        case OpenInterest():
            kind, values = EventKind.OPEN_INTEREST, (0, event.open_lots, 0, 0)
        case Liquidation():
            kind, side = EventKind.LIQUIDATION, int(event.side)
            values = (event.price_ticks, event.qty_lots, 0, 0)
        case FundingPaid():
            kind, values = EventKind.FUNDING, (event.mark_e8, 0, 0, event.rate_e12)
        case SequenceGap():
            kind, sequence = EventKind.GAP, event.found_id
            values = (event.expected_id, event.lost, 0, event.stream)
        case SourceStatus():
            kind, values = EventKind.STATUS, (0, 0, 0, int(event.is_healthy))
        case _:
            raise InvariantBroken(f"expected a market event, found {type(event).__name__}")
    head = (event.event_time_ns, event.receive_time_ns)
    return (*head, *values, sequence, event.instrument, event.source, kind, side, 0)


def to_array(events: Iterable[MarketEvent]) -> EventArray:
    """A batch of the events' rows, in their order."""
    return rows_to_array([row for event in events for row in rows_of(event)])


def rows_to_array(rows: list[Row]) -> EventArray:
    """A batch from row tuples."""
    return np.array(rows, dtype=EVENT)


def from_array(rows: EventArray) -> Iterator[MarketEvent]:
    """The events of a batch, in order. A book update must lie whole inside the batch."""
    i = 0
    while i < len(rows):
        if rows[i]["kind"] == EventKind.BOOK_BEGIN:
            count = int(rows[i]["qty_lots"])
            yield _book_update(rows[i : i + count + 2])
            i += count + 2
        else:
            yield _single_event(rows[i])
            i += 1


def _book_update(rows: EventArray) -> BookUpdate:
    begin = rows[0]
    if rows[-1]["kind"] != EventKind.BOOK_END:
        raise InvariantBroken("expected BOOK_END after the levels of a book update")
    return BookUpdate(
        instrument=int(begin["instrument"]),
        source=int(begin["source"]),
        event_time_ns=int(begin["event_time_ns"]),
        receive_time_ns=int(begin["receive_time_ns"]),
        first_id=int(begin["price_ticks"]),
        last_id=int(begin["sequence"]),
        previous_id=int(begin["qty_b"]),
        is_snapshot=bool(begin["flags"] & FLAG_SNAPSHOT),
        levels=tuple(
            BookLevel(Side(int(r["side"])), int(r["price_ticks"]), int(r["qty_lots"]))
            for r in rows[1:-1]
        ),
    )


def _single_event(row: np.void) -> MarketEvent:
    head = (
        int(row["instrument"]),
        int(row["source"]),
        int(row["event_time_ns"]),
        int(row["receive_time_ns"]),
    )
    price, qty, price_b, qty_b, sequence = (
        int(row[name]) for name in ("price_ticks", "qty_lots", "price_b", "qty_b", "sequence")
    )
    match EventKind(int(row["kind"])):
        case EventKind.TRADE:
            return Trade(*head, Side(int(row["side"])), price, qty, sequence)
        case EventKind.QUOTE:
            return Quote(*head, price, qty, price_b, qty_b, sequence)
        case EventKind.MARK_PRICE:
            return MarkPrice(*head, price, price_b, qty_b, sequence)
        case EventKind.OPEN_INTEREST:
            return OpenInterest(*head, qty)
        case EventKind.LIQUIDATION:
            return Liquidation(*head, Side(int(row["side"])), price, qty)
        case EventKind.FUNDING:
            return FundingPaid(*head, price, qty_b)
        case EventKind.GAP:
            return SequenceGap(*head, qty_b, price, sequence, qty)
        case EventKind.STATUS:
            return SourceStatus(*head, qty_b == STATUS_HEALTHY)
        case other:
            raise InvariantBroken(f"expected a single-row event, found {other.name}")
