"""What the codec knows of one instrument: its grids, its sequences and its totals."""

import msgspec
import numpy as np

from undertow.domain.instrument import Instrument
from undertow.venues.binance.streams import Channel
from undertow.venues.book_sequence import BookSequence, Delta
from undertow.venues.level_text import LevelGrid
from undertow.venues.row_tails import RowTails


class FeedTotals(msgspec.Struct):
    """Counts of one instrument since the start. Quantities in lots, aggressor's side.

    depth_messages: in sequence, whether applied, kept or covered by a snapshot.
    book_updates, snapshots: released to the book. lost_trades: ids that never came.
    """

    trades: int = 0
    buy_lots: int = 0
    sell_lots: int = 0
    quotes: int = 0
    depth_messages: int = 0
    book_updates: int = 0
    snapshots: int = 0
    stale_snapshots: int = 0
    book_gaps: int = 0
    trade_gaps: int = 0
    lost_trades: int = 0
    duplicates: int = 0
    inexact_sizes: int = 0

    @property
    def gaps(self) -> int:
        """Gaps of both streams."""
        return self.book_gaps + self.trade_gaps


class DeltaState(msgspec.Struct, array_like=True):
    """A kept delta as bytes, for a snapshot of the codec."""

    ids: tuple[int, int, int]
    event_time_ns: int
    bids: int
    ticks: bytes
    lots: bytes


class FeedState(msgspec.Struct):
    """Everything of one instrument that a restart needs."""

    symbol: str
    totals: FeedTotals
    trade_channel: str
    next_trade_id: int
    quote_id: int
    is_synced: bool
    chain_id: int
    book_id: int
    kept: list[DeltaState]


class InstrumentFeed:
    """One instrument's feed. `trade_channel` is the trade stream in use, once one was seen."""

    __slots__ = (
        "book",
        "grid",
        "index",
        "instrument",
        "next_trade_id",
        "prices",
        "quote_id",
        "sizes",
        "symbol",
        "tails",
        "totals",
        "trade_channel",
    )

    def __init__(self, index: int, instrument: Instrument, source: int) -> None:
        self.index = index
        self.tails = RowTails(index, source)
        self.instrument = instrument
        self.symbol = instrument.raw_symbol
        self.grid = LevelGrid(instrument.price_step, instrument.qty_step)
        self.prices = self.grid.prices
        self.sizes = self.grid.sizes
        self.book = BookSequence()
        self.totals = FeedTotals()
        self.trade_channel: Channel | None = None
        self.next_trade_id = 0
        self.quote_id = 0  # update id of the last quote

    def lose(self) -> None:
        """The connection was lost: the book is invalid, quotes start anew; trades are followed."""
        self.book.lose()
        self.quote_id = 0

    def counted(self) -> FeedTotals:
        """The totals as they are now."""
        self.totals.inexact_sizes = self.sizes.inexact
        return self.totals

    def dump(self) -> FeedState:
        """The state as a struct that msgspec can write."""
        book = self.book
        return FeedState(
            symbol=self.symbol,
            totals=self.counted(),
            trade_channel=self.trade_channel or "",
            next_trade_id=self.next_trade_id,
            quote_id=self.quote_id,
            is_synced=book.is_synced,
            chain_id=book.chain_id,
            book_id=book.book_id,
            kept=[_dump_delta(delta) for delta in book.kept],
        )

    def load(self, state: FeedState) -> None:
        """Take over a dumped state."""
        assert state.symbol == self.symbol
        self.totals = state.totals
        self.sizes.inexact = state.totals.inexact_sizes
        self.trade_channel = Channel(state.trade_channel) if state.trade_channel else None
        self.next_trade_id = state.next_trade_id
        self.quote_id = state.quote_id
        self.book.is_synced = state.is_synced
        self.book.chain_id = state.chain_id
        self.book.book_id = state.book_id
        self.book.kept = [_load_delta(delta) for delta in state.kept]


def _dump_delta(delta: Delta) -> DeltaState:
    ids = (delta.first_id, delta.last_id, delta.previous_id)
    levels = (delta.ticks.tobytes(), delta.lots.tobytes())
    return DeltaState(ids, delta.event_time_ns, delta.bids, *levels)


def _load_delta(state: DeltaState) -> Delta:
    delta = Delta(*state.ids, state.event_time_ns)
    ticks, lots = np.frombuffer(state.ticks, np.int64), np.frombuffer(state.lots, np.int64)
    delta.set_levels(state.bids, ticks, lots)
    return delta
