"""What a venue's history gives, page by page: candles, funding and trades of the past.

A page says where the next one begins; there is nothing more when that is at or after the end that
was asked for. Rows ascend. Unfinished candles are left out by the source.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument import Instrument

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CANDLES, MARK, INDEX = "candles", "mark", "index"


class HistoryRequest(msgspec.Struct, frozen=True):
    """One page of an instrument's history in [start_ns, stop_ns). kind: candles, mark or index."""

    instrument: Instrument
    start_ns: int
    stop_ns: int
    timeframe: str = ""
    kind: str = CANDLES
    after_id: int = 0


class CandlePage(msgspec.Struct, frozen=True):
    """Candles by open time; bought and trades are NaN where not told."""

    times_ns: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    bought: Floats
    trades: Floats
    next_ns: int


class FundingPage(msgspec.Struct, frozen=True):
    """Rates paid, positive when longs pay, and the mark they were paid at (0 = not told)."""

    times_ns: Ints
    rates: Floats
    marks: Floats
    next_ns: int


class TradePage(msgspec.Struct, frozen=True):
    """Trades by time; side is the aggressor's. last_id: of the last one, to go on after."""

    times_ns: Ints
    price: Floats
    qty: Floats
    side: Ints
    id: Ints
    next_ns: int
    last_id: int


class HistorySource(Protocol):
    """A venue's market as a source of history. Every method may raise `VenueError`."""

    @property
    def venue(self) -> str:
        """The venue's name."""
        ...

    def instruments(self) -> Sequence[Instrument]:
        """What can be asked for."""
        ...

    def candles(self, request: HistoryRequest) -> CandlePage:
        """The page that begins at the request's start."""
        ...

    def funding(self, request: HistoryRequest) -> FundingPage:
        """The page that begins at the request's start."""
        ...

    def trades(self, request: HistoryRequest) -> TradePage:
        """The page after `after_id`, or that begins at the request's start when that is 0."""
        ...
