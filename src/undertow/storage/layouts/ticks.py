"""Ticks of one instrument as they stand in a file: floats and times, before they are counted.

`rows_of_ticks` makes `EVENT` rows of them, once the steps of price and quantity are known.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.fixed import Step
from undertow.domain.market_event import (
    EVENT,
    FLAG_SNAPSHOT,
    FUNDING_RATE_DIGITS,
    MARK_PRICE_DIGITS,
    EventArray,
    EventKind,
)
from undertow.storage.catalog.bar_rows import FEED_LATENCY_NS
from undertow.storage.catalog.decimal_steps import counts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRADES, QUOTES, BOOK, FACTS = "trades", "quotes", "book", "facts"


class Ticks(msgspec.Struct, frozen=True):
    """Rows of one stream. Meaning of the columns by stream:

    * trades: price, qty; side 1 when the aggressor bought, -1 when it sold; id.
    * quotes: price and qty of the bid, price_b and qty_b of the ask; id of the update or 0.
    * book: a level: side 1 bid, -1 ask; price, qty (0 = gone); id: last update id or 0; previous:
      the one before it or 0; group: equal in all levels of one update; is_snapshot.
    * facts: price mark, price_b index, qty open interest, qty_b rate, id next funding in ns; NaN
      where not told.

    receive_ns is 0 where only the venue's time is known.
    """

    stream: str
    event_ns: Ints
    receive_ns: Ints
    price: Floats
    qty: Floats
    price_b: Floats
    qty_b: Floats
    side: Ints
    id: Ints
    previous: Ints
    group: Ints
    is_snapshot: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.event_ns)

    def part(self, rows: slice | NDArray[np.bool_] | Ints) -> "Ticks":
        """Some of the rows."""
        columns = [getattr(self, name)[rows] for name in self.__struct_fields__[1:]]
        return Ticks(self.stream, *columns)


def make_ticks(stream: str, event_ns: Ints, **columns: NDArray[np.generic]) -> Ticks:
    """Ticks with zeros in the columns that are not given."""
    count = len(event_ns)
    found: dict[str, NDArray[np.generic]] = {"event_ns": event_ns}
    for name in Ticks.__struct_fields__[2:]:
        kind: type = np.float64 if name in ("price", "qty", "price_b", "qty_b") else np.int64
        kind = np.bool_ if name == "is_snapshot" else kind
        given = columns.get(name)
        found[name] = np.zeros(count, kind) if given is None else np.asarray(given, kind)
    return Ticks(stream, **found)  # type: ignore[arg-type]


def sound_ticks(ticks: Ticks) -> tuple[Ticks, int]:
    """Without rows that cannot be: no time, no price, negative sizes; and how many those were."""
    sound = ticks.event_ns > 0
    if ticks.stream != FACTS:
        sound &= np.isfinite(ticks.price) & (ticks.price > 0) & np.isfinite(ticks.qty)
        sound &= ticks.qty >= 0
    if ticks.stream == QUOTES:
        sound &= np.isfinite(ticks.price_b) & (ticks.price_b > 0) & (ticks.qty_b >= 0)
    if ticks.stream == TRADES:
        sound &= (ticks.qty > 0) & (np.abs(ticks.side) == 1)
    if sound.all():
        return ticks, 0
    return ticks.part(sound), int((~sound).sum())


def rows_of_ticks(ticks: Ticks, price_step: Step, qty_step: Step) -> EventArray:
    """`EVENT` rows of instrument 0 and source 0, in the order of the ticks."""
    if ticks.stream == BOOK:
        return _book_rows(ticks, price_step, qty_step)
    if ticks.stream == FACTS:
        return _fact_rows(ticks, qty_step)
    rows = _times(ticks)
    rows["kind"] = EventKind.TRADE if ticks.stream == TRADES else EventKind.QUOTE
    rows["price_ticks"] = counts_of(ticks.price, price_step)
    rows["qty_lots"] = counts_of(ticks.qty, qty_step)
    rows["sequence"] = ticks.id
    rows["side"] = ticks.side
    if ticks.stream == QUOTES:
        rows["price_b"] = counts_of(ticks.price_b, price_step)
        rows["qty_b"] = counts_of(ticks.qty_b, qty_step)
    return rows


def _times(ticks: Ticks) -> EventArray:
    rows = np.zeros(len(ticks), EVENT)
    rows["event_time_ns"] = ticks.event_ns
    assumed = ticks.event_ns + FEED_LATENCY_NS
    rows["receive_time_ns"] = np.where(ticks.receive_ns > 0, ticks.receive_ns, assumed)
    return rows


def _book_rows(ticks: Ticks, price_step: Step, qty_step: Step) -> EventArray:
    # BOOK_BEGIN, the levels, BOOK_END of each group.
    if not len(ticks):
        return np.zeros(0, EVENT)
    first = np.flatnonzero(np.diff(ticks.group, prepend=ticks.group[0] - 1))
    counts = np.diff(np.append(first, len(ticks)))
    begins = first + 2 * np.arange(len(first))
    places = np.arange(len(ticks)) + 2 * np.repeat(np.arange(len(first)), counts) + 1
    ends = begins + counts + 1
    rows = np.zeros(len(ticks) + 2 * len(first), EVENT)
    levels, heads = _times(ticks), _times(ticks.part(first))
    levels["kind"] = EventKind.BOOK_LEVEL
    levels["price_ticks"] = counts_of(ticks.price, price_step)
    levels["qty_lots"] = counts_of(ticks.qty, qty_step)
    levels["side"], levels["sequence"] = ticks.side, ticks.id
    # All of an update is received when its last level is.
    received = np.maximum.reduceat(levels["receive_time_ns"], first)
    levels["receive_time_ns"] = np.repeat(received, counts)
    heads["receive_time_ns"], heads["sequence"] = received, ticks.id[first]
    rows[places], rows[ends] = levels, heads
    rows["kind"][ends] = EventKind.BOOK_END
    heads["kind"] = EventKind.BOOK_BEGIN
    heads["price_ticks"] = np.where(ticks.previous[first] > 0, ticks.previous[first] + 1, 0)
    heads["qty_lots"], heads["qty_b"] = counts, ticks.previous[first]
    heads["flags"] = np.where(ticks.is_snapshot[first], FLAG_SNAPSHOT, 0)
    rows[begins] = heads
    return rows


def _fact_rows(ticks: Ticks, qty_step: Step) -> EventArray:
    mark, interest = _times(ticks), _times(ticks)
    mark["kind"], interest["kind"] = EventKind.MARK_PRICE, EventKind.OPEN_INTEREST
    known = np.nan_to_num
    mark["price_ticks"] = np.rint(known(ticks.price) * 10**MARK_PRICE_DIGITS).astype(np.int64)
    mark["price_b"] = np.rint(known(ticks.price_b) * 10**MARK_PRICE_DIGITS).astype(np.int64)
    mark["qty_b"] = np.rint(known(ticks.qty_b) * 10**FUNDING_RATE_DIGITS).astype(np.int64)
    mark["sequence"] = ticks.id
    interest["qty_lots"] = counts_of(known(ticks.qty), qty_step)
    both = np.stack([mark, interest], axis=1)
    told = np.stack([np.isfinite(ticks.price), np.isfinite(ticks.qty)], axis=1)
    rows: EventArray = both[told]
    return rows
