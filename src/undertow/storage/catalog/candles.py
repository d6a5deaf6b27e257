"""Candles of one instrument as columns of whole numbers: the form all sources are brought to."""

from collections.abc import Iterable, Iterator
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.fixed import Step
from undertow.storage.catalog.decimal_steps import Counts, finest_step, floats_of, rescaled
from undertow.storage.catalog.series_part import (
    CANDLE_COLUMNS,
    PRICES,
    QUANTITIES,
    TIME,
    UNKNOWN,
    Columns,
)
from undertow.storage.catalog.timeframe_names import Times, close_times, open_times


class Candles(msgspec.Struct, frozen=True):
    """Bars by ascending open time: `columns` has `CANDLE_COLUMNS`, each shape (bars,).

    Prices are counts of `price_step`, quantities of `qty_step`; `bought` and `trades` are -1 where
    the source does not tell them.
    """

    timeframe: str
    price_step: Step
    qty_step: Step
    columns: Columns

    def __len__(self) -> int:
        return len(self.columns[TIME])

    @property
    def opens_ns(self) -> Times:
        """Open times."""
        return self.columns[TIME]

    @property
    def closes_ns(self) -> Times:
        """First nanosecond after each bar."""
        return close_times(self.columns[TIME], self.timeframe)

    def price(self, name: str) -> NDArray[np.float64]:
        """`open`, `high`, `low` or `close` as floats."""
        return floats_of(self.columns[name], self.price_step)

    @property
    def volume(self) -> NDArray[np.float64]:
        """Volume as floats, in the source's own unit."""
        return floats_of(self.columns["volume"], self.qty_step)

    def between(self, start_ns: int, stop_ns: int) -> Self:
        """The bars that open at or after the start and close by the stop."""
        if not len(self):
            return self
        first = int(np.searchsorted(self.opens_ns, start_ns))
        last = int(np.searchsorted(self.closes_ns, stop_ns, "right"))
        return self.part(slice(first, max(first, last)))

    def part(self, rows: slice | NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Some of the bars."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return msgspec.structs.replace(self, columns=columns)

    def in_steps(self, price_step: Step, qty_step: Step) -> Self:
        """The same bars counted in finer steps, exactly."""
        columns = dict(self.columns)
        for name in PRICES:
            columns[name] = rescaled(columns[name], self.price_step, price_step)
        for name in QUANTITIES:
            columns[name] = _rescaled_known(columns[name], self.qty_step, qty_step)
        return msgspec.structs.replace(
            self, price_step=price_step, qty_step=qty_step, columns=columns
        )


def _rescaled_known(counts: Counts, step: Step, finer: Step) -> Counts:
    if step == finer:
        return counts
    known = counts != UNKNOWN
    found = np.full(len(counts), UNKNOWN, np.int64)
    found[known] = rescaled(counts[known], step, finer)
    return found


def no_candles(timeframe: str, price_step: Step, qty_step: Step) -> Candles:
    """A series without a bar."""
    columns = {name: np.empty(0, np.int64) for name in CANDLE_COLUMNS}
    return Candles(timeframe, price_step, qty_step, columns)


def joined(parts: list[Candles]) -> Candles:
    """Parts one after the other in time, at least one, in the finest of their steps."""
    if len(parts) == 1:
        return parts[0]
    price_step = finest_step([part.price_step for part in parts])
    qty_step = finest_step([part.qty_step for part in parts])
    even = [part.in_steps(price_step, qty_step) for part in parts]
    columns = {
        name: np.concatenate([part.columns[name] for part in even]) for name in CANDLE_COLUMNS
    }
    return Candles(parts[0].timeframe, price_step, qty_step, columns)


def resampled(
    candles: Candles, timeframe: str, *, is_start: bool = True, is_end: bool = True
) -> Candles:
    """Larger bars: first open, greatest high, least low, last close, sums.

    A larger bar that lacks smaller ones inside is made of those that are there. The first is left
    out when the data begins after it opened, the last when the data ends before it closed: what
    they would show is not what that stretch was. `is_start`, `is_end`: whether these candles begin
    and end the data.
    """
    if not len(candles):
        return msgspec.structs.replace(candles, timeframe=timeframe)
    opens = open_times(candles.opens_ns, timeframe)
    starts = np.flatnonzero(np.diff(opens, prepend=opens[0] - 1))
    source, ends = candles.columns, [*(starts[1:] - 1), len(opens) - 1]
    columns = {
        TIME: opens[starts],
        "open": source["open"][starts],
        "high": np.maximum.reduceat(source["high"], starts),
        "low": np.minimum.reduceat(source["low"], starts),
        "close": source["close"][ends],
        "volume": np.add.reduceat(source["volume"], starts),
        "bought": _known_sums(source["bought"], starts),
        "trades": _known_sums(source["trades"], starts),
    }
    made = msgspec.structs.replace(candles, timeframe=timeframe, columns=columns)
    is_late = is_start and candles.opens_ns[0] > made.opens_ns[0]
    is_cut = is_end and candles.closes_ns[-1] < made.closes_ns[-1]
    first, last = int(is_late), len(made) - int(is_cut)
    return made.part(slice(first, max(first, last)))


def resampled_parts(
    parts: Iterable[Candles], timeframe: str, *, is_start: bool = True
) -> Iterator[Candles]:
    """The same over parts in order of time, however they are cut; one larger bar is held."""
    held: Candles | None = None
    for part in parts:
        if not len(part):
            continue
        whole = part if held is None else joined([held, part])
        opens = open_times(whole.opens_ns, timeframe)
        border = int(np.searchsorted(opens, opens[-1]))
        held = whole.part(slice(border, None))
        if border:
            done = whole.part(slice(0, border))
            yield resampled(done, timeframe, is_start=is_start, is_end=False)
            is_start = False
    if held is not None:
        yield resampled(held, timeframe, is_start=is_start)


def _known_sums(counts: Counts, starts: NDArray[np.int64]) -> Counts:
    sums = np.add.reduceat(np.where(counts == UNKNOWN, 0, counts), starts)
    unknown = np.logical_or.reduceat(counts == UNKNOWN, starts)
    found: Counts = np.where(unknown, UNKNOWN, sums)
    return found
