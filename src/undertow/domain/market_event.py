"""Market events: one record layout for batches, and one frozen struct per kind for objects.

A batch is a numpy array of `EVENT` rows in the order in which they were received (sequenced).
What a row's columns mean depends on `kind`; unused columns are 0:

| kind | side | price_ticks | qty_lots | price_b | qty_b | sequence |
| --- | --- | --- | --- | --- | --- | --- |
| TRADE | aggressor | price | quantity | 0 | 0 | venue's trade id |
| BOOK_BEGIN | 0 | first update id | levels that follow | 0 | previous update id | last update id |
| BOOK_LEVEL | BUY = bid | price | quantity now at it, 0 = gone | 0 | 0 | last update id |
| BOOK_END | 0 | 0 | 0 | 0 | 0 | last update id |
| QUOTE | 0 | best bid | its quantity | best ask | its quantity | update id or 0 |
| MARK_PRICE | 0 | mark, 1e-8 | 0 | index, 1e-8 | funding rate, 1e-12 | next funding, ns |
| OPEN_INTEREST | 0 | 0 | open lots | 0 | 0 | 0 |
| LIQUIDATION | side of the forced order | price | quantity | 0 | 0 | 0 |
| FUNDING | 0 | mark price, 1e-8 | 0 | 0 | rate paid, 1e-12, + = longs pay | 0 |
| GAP | 0 | expected id | number lost, 0 = unknown | 0 | stream (`GAP_*`) | id found |
| STATUS | 0 | 0 | 0 | 0 | `STATUS_*` | 0 |
| BAR_OPEN | 0 | open | length in seconds | 0 | 0 | open time, ns |
| BAR_FLOW | 0 | bought lots | sold lots | buy trades | sell trades | open time, ns |
| BAR | 0 | close | volume | high | low | open time, ns |

A book update is BOOK_BEGIN, its levels, BOOK_END, contiguous in one batch or over several; with
`FLAG_SNAPSHOT` on BOOK_BEGIN it replaces the book. A delta applies only when its previous update id
equals the last id applied. A GAP of the book stream makes the book invalid until a snapshot.

Where only bars are recorded, a bar is a BAR_OPEN row at its open time, when no more of it is known,
and a BAR row at its close (`event_time_ns` = open time + length), before the BAR_OPEN of the next;
between the two, at the close, a BAR_FLOW row where the venue tells bought from sold volume.
"""

from enum import IntEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.side import Side

EVENT = np.dtype(
    [
        ("event_time_ns", np.int64),
        ("receive_time_ns", np.int64),
        ("price_ticks", np.int64),
        ("qty_lots", np.int64),
        ("price_b", np.int64),
        ("qty_b", np.int64),
        ("sequence", np.int64),
        ("instrument", np.uint16),
        ("source", np.uint16),
        ("kind", np.uint8),
        ("side", np.int8),
        ("flags", np.uint16),
    ]
)
"""64 bytes a row. `instrument` and `source` are indexes into the run's tables."""

EventArray = NDArray[np.void]
"""An array of `EVENT` rows (numpy cannot say so in its type)."""


class EventKind(IntEnum):
    """Kinds of `EVENT` rows."""

    TRADE = 1
    BOOK_BEGIN = 2
    BOOK_LEVEL = 3
    BOOK_END = 4
    QUOTE = 5
    MARK_PRICE = 6
    OPEN_INTEREST = 7
    LIQUIDATION = 8
    FUNDING = 9
    GAP = 10
    STATUS = 11
    BAR_OPEN = 12
    BAR_FLOW = 13
    BAR = 14


FLAG_SNAPSHOT = 1
"""On BOOK_BEGIN: the levels that follow are the whole book."""

GAP_BOOK = 1
GAP_TRADES = 2
STATUS_LOST = 0
STATUS_HEALTHY = 1

MARK_PRICE_DIGITS = 8
FUNDING_RATE_DIGITS = 12


class Trade(msgspec.Struct, frozen=True, gc=False):
    """One execution between strangers; `side` is the aggressor's."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    side: Side
    price_ticks: int
    qty_lots: int
    trade_id: int


class BookLevel(msgspec.Struct, frozen=True, gc=False):
    """The quantity now resting at a price; 0 lots removes the level."""

    side: Side
    price_ticks: int
    qty_lots: int


class BookUpdate(msgspec.Struct, frozen=True):
    """A snapshot or a delta of one book, in the venue's own sequence.

    `first_id` .. `last_id` are the venue's update ids it covers and `previous_id` the last id of
    the update before it (Binance spot: first_id - 1; futures: `pu`). A snapshot has all three
    equal.
    """

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    first_id: int
    last_id: int
    previous_id: int
    is_snapshot: bool
    levels: tuple[BookLevel, ...]


class Quote(msgspec.Struct, frozen=True, gc=False):
    """The venue's own best bid and ask."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    bid_ticks: int
    bid_lots: int
    ask_ticks: int
    ask_lots: int
    update_id: int = 0


class MarkPrice(msgspec.Struct, frozen=True, gc=False):
    """Mark and index price (1e-8 units), predicted funding rate (1e-12 units per interval)."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    mark_e8: int
    index_e8: int
    funding_rate_e12: int
    next_funding_ns: int


class OpenInterest(msgspec.Struct, frozen=True, gc=False):
    """Open contracts, in lots."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    open_lots: int


class Liquidation(msgspec.Struct, frozen=True, gc=False):
    """A forced order of somebody's; SELL means that a long was liquidated."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    side: Side
    price_ticks: int
    qty_lots: int


class FundingPaid(msgspec.Struct, frozen=True, gc=False):
    """Funding settled at this time: `rate_e12` x notional at the mark; positive = longs pay."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    mark_e8: int
    rate_e12: int


class SequenceGap(msgspec.Struct, frozen=True, gc=False):
    """A venue's own sequence jumped: `lost` messages are missing (0 = number unknown)."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    stream: int
    expected_id: int
    found_id: int
    lost: int


class SourceStatus(msgspec.Struct, frozen=True, gc=False):
    """A source's feed of one instrument was lost or came back."""

    instrument: int
    source: int
    event_time_ns: int
    receive_time_ns: int
    is_healthy: bool


MarketEvent = (
    Trade
    | BookUpdate
    | Quote
    | MarkPrice
    | OpenInterest
    | Liquidation
    | FundingPaid
    | SequenceGap
    | SourceStatus
)
