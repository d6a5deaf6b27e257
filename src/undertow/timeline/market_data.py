"""A stretch of recorded market: instruments, sources and rows in one order, readable again.

What a backtest reads. Whatever it was made of (Parquet, arrays, raw recordings, the synthetic
market), it gives the same rows in the same order each time it is asked, a block at a time, so that
memory stays bounded.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

import msgspec

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray


class DataFidelity(StrEnum):
    """What the data can show, from the most to the least.

    L2: displayed books and trades. QUOTES: best bid and ask, and trades. TRADES: trades alone.
    BARS: open, high, low, close and volume of stretches of time.
    """

    L2 = "L2"
    QUOTES = "quotes"
    TRADES = "trades"
    BARS = "bars"


class DataNote(msgspec.Struct, frozen=True):
    """Something wrong with the data that a report must say. `instrument_id` is empty for all.

    kind: `gap`, `duplicate`, `crossed`, `outlier`, `time_zone`, `unfinished`, `zero_volume`, ...
    """

    kind: str
    instrument_id: str
    count: int
    text: str


class MarketData(Protocol):
    """See the head of this module."""

    @property
    def table(self) -> InstrumentTable:
        """The instruments, in the order of the rows' `instrument` column."""
        ...

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources, `venue.market`, in the order of the rows' `source` column."""
        ...

    @property
    def fidelity(self) -> DataFidelity:
        """The least of what its instruments' data can show."""
        ...

    @property
    def span_ns(self) -> tuple[int, int]:
        """Receive time of the first row, and the first nanosecond after the last; (0, 0) empty."""
        ...

    @property
    def digest(self) -> str:
        """Names the content: equal digests mean equal instruments, sources and rows."""
        ...

    @property
    def notes(self) -> tuple[DataNote, ...]:
        """What is wrong with it; empty when nothing was found."""
        ...

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns), by receive time, in blocks of bounded size."""
        ...
