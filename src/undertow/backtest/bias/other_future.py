"""Market data whose future is another one: the same rows up to a time, altered ones after it.

Prices of bars and of trades are moved by a common step and by a jitter of their own; of books and
quotes, where moved prices would break the book, quantities are. What was known before the time
stays as it was: a bar that was open then keeps its open.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray, EventKind
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData

_STEP_PPM = 30_000
_JITTER_PPM = 20_000
_PPM = 1_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PRICED = (EventKind.BAR_OPEN, EventKind.BAR, EventKind.TRADE)
_SIZED = (EventKind.BOOK_LEVEL, EventKind.QUOTE)


class OtherFuture:
    """`data` up to `from_ns` (receive time), another market from there on."""

    def __init__(self, data: MarketData, from_ns: int, seed: int) -> None:
        self._data = data
        self._from_ns = from_ns
        self._seed = seed

    @property
    def table(self) -> InstrumentTable:
        """As of the data."""
        return self._data.table

    @property
    def sources(self) -> tuple[str, ...]:
        """As of the data."""
        return self._data.sources

    @property
    def fidelity(self) -> DataFidelity:
        """As of the data."""
        return self._data.fidelity

    @property
    def span_ns(self) -> tuple[int, int]:
        """As of the data."""
        return self._data.span_ns

    @property
    def digest(self) -> str:
        """Of the data, the time and the seed."""
        return f"{self._data.digest}~{self._from_ns}:{self._seed}"

    @property
    def notes(self) -> tuple[DataNote, ...]:
        """As of the data."""
        return self._data.notes

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        """Rows in [start_ns, stop_ns), those from `from_ns` on altered."""
        opens = np.zeros(len(self.table), np.int64)
        scales = np.zeros(len(self.table), np.int64)
        for block in self._data.blocks(start_ns, stop_ns):
            first = int(np.searchsorted(block["receive_time_ns"], self._from_ns))
            _note_opens(block[:first], opens)
            if first == len(block):
                yield block
                continue
            rows = block.copy()
            self._alter(rows[first:], opens, scales)
            yield rows

    def _alter(self, rows: EventArray, opens: NDArray[np.int64], scales: NDArray[np.int64]) -> None:
        kinds = rows["kind"]
        has_book = bool(np.isin(kinds, _SIZED).any())
        if has_book or self.fidelity in (DataFidelity.L2, DataFidelity.QUOTES):
            chosen = np.isin(kinds, _SIZED)
            grown = rows["qty_lots"][chosen] * (1 + _drawn(rows["sequence"][chosen], self._seed, 4))
            rows["qty_lots"][chosen] = grown
            return
        chosen = np.isin(kinds, _PRICED)
        part = rows[chosen]
        # Both rows of a bar are moved by the same ticks: a share of one price of each instrument.
        names, firsts = np.unique(part["instrument"], return_index=True)
        scales[names] = np.where(scales[names], scales[names], part["price_ticks"][firsts])
        scale = scales[part["instrument"]]
        sign = 1 if self._seed % 2 else -1
        jitter = _drawn(part["sequence"], self._seed, 2 * _JITTER_PPM) - _JITTER_PPM
        moved = scale * (sign * _STEP_PPM + jitter) // _PPM
        moved = np.maximum(moved, 1 - _lowest(part))
        part["price_ticks"] += moved
        is_bar = part["kind"] == EventKind.BAR
        for name in ("price_b", "qty_b"):
            part[name][is_bar] += moved[is_bar]
        rows[chosen] = part
        _keep_open(rows, opens)


def _lowest(part: EventArray) -> NDArray[np.int64]:
    is_bar = part["kind"] == EventKind.BAR
    return np.where(is_bar, part["qty_b"], part["price_ticks"])


def _drawn(keys: NDArray[np.int64], seed: int, below: int) -> NDArray[np.int64]:
    # The same for the same key: the two rows of a bar share the open time as theirs.
    mixed = (keys.astype(np.uint64) + np.uint64(seed + 1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(32)
    return (mixed % np.uint64(below)).astype(np.int64)


def _note_opens(rows: EventArray, opens: NDArray[np.int64]) -> None:
    opened = rows[rows["kind"] == EventKind.BAR_OPEN]
    opens[opened["instrument"]] = opened["price_ticks"]
    closed = rows[rows["kind"] == EventKind.BAR]
    if len(closed) and len(opened):
        # A bar that has closed is no longer open: its open time is before the last one's.
        last = np.zeros(len(opens), np.int64)
        last[opened["instrument"]] = opened["sequence"]
        done = closed["sequence"] >= last[closed["instrument"]]
        opens[closed["instrument"][done]] = 0


def _keep_open(rows: EventArray, opens: NDArray[np.int64]) -> None:
    # A bar that was open at the time keeps its open inside its range.
    for index in np.flatnonzero(opens):
        own = np.flatnonzero(
            (rows["instrument"] == index)
            & ((rows["kind"] == EventKind.BAR) | (rows["kind"] == EventKind.BAR_OPEN))
        )
        if len(own) and rows["kind"][own[0]] == EventKind.BAR:
            place = own[0]
            rows["price_b"][place] = max(int(rows["price_b"][place]), int(opens[index]))
            rows["qty_b"][place] = min(int(rows["qty_b"][place]), int(opens[index]))
        if len(own):
            opens[index] = 0
