"""Candles in memory as market data: arrays, a table of columns, or one table for each instrument.

```
data = bar_data({"date": times, "open": o, "high": h, "low": l, "close": c, "volume": v},
                "BTC/USDT:USDT@binance", timeframe="1m")
```

Columns are found by name in any case; a table whose index is the time (pandas) needs no time
column. What can be mended is mended and told in `notes` (rows out of order, told twice); rows that
cannot be candles (NaN, prices of zero or below, a high below the low) are left out and told. What
would make the result worthless is refused: no rows, one bar, bars inside one another.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.suggestion import did_you_mean
from undertow.domain.symbol import parse_symbol
from undertow.kernels.bars.given_rows import ROWS_PER_BAR, given_rows
from undertow.storage.catalog.bar_rows import FEED_LATENCY_NS
from undertow.storage.catalog.candle_feed import HeldCandles
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.decimal_steps import counts_of
from undertow.storage.catalog.series_part import PRICES, UNKNOWN, digest_of
from undertow.storage.catalog.timeframe_names import bar_length_name, length_ns
from undertow.storage.layouts.candle_intake import TakenIn, take_in
from undertow.storage.layouts.candle_layout import CandleTable
from undertow.storage.layouts.source_series import instrument_of
from undertow.storage.layouts.time_column import read_times
from undertow.timeline.market_data import DataFidelity, DataNote

_TIMES = ("date", "time", "timestamp", "datetime", "open_time", "ts", "opens_ns", "time_ns")
_WORDS = {
    "nan": "rows without a price were left out",
    "time": "rows without a time were left out",
    "price": "rows with prices of zero or below or negative volume were left out",
    "range": "rows whose high and low do not hold open and close were left out",
    "duplicate": "rows were told twice, and count once",
    "unsorted": "steps back in time: the rows were sorted",
    "rounded": "numbers were rounded to the step of the instrument",
    "noise": "numbers had noise of arithmetic in their last digits",
    "no_volume": "bars without a volume count as bars without trades",
}
LEAST_BARS = 2
BLOCK_BARS = 16_384
"""Bars a block holds, about."""

_ENDLESS_NS = 2**63 - 1
_WHOLE = np.dtype((np.void, EVENT.itemsize))

Column = NDArray[np.float64]


def bar_data(
    tables: Any,
    instrument: Instrument | str = "ASSET/USDT",
    *,
    timeframe: str = "",
    steps: tuple[str, str] | None = None,
) -> "BarData":
    """Market data of candles in memory.

    tables: a mapping or data frame of columns (date, open, high, low, close, volume; `bought` where
    bought volume is known), or a mapping of symbols or `Instrument`s to such tables.
    instrument: of a single table; a symbol gets the steps found in the numbers, or `steps`.
    timeframe: of the bars, found in the times if not given. steps: price and quantity step.

    Raises `DataError` for what cannot be a series, `ConfigurationError` for columns not understood.
    """
    by_name = tables if _is_nested(tables) else {instrument: tables}
    feeds: list[HeldCandles] = []
    notes: list[DataNote] = []
    for name, table in by_name.items():
        feed, found = _feed(table, name, timeframe, steps)
        feeds.append(feed)
        notes += found
    return BarData(feeds, notes)


class BarData:
    """Candles in memory as a `MarketData`; rows are made a block at a time, so memory beside the
    candles stays small.
    """

    def __init__(self, held: Sequence[HeldCandles], notes: Sequence[DataNote]) -> None:
        self._held = tuple(held)
        self.table = InstrumentTable(one.instrument for one in held)
        names = [_source_name(row) for row in self.table]
        self.sources = tuple(dict.fromkeys(names))
        self.fidelity = DataFidelity.BARS
        self.notes = tuple(notes)
        self._makers = [
            _RowMaker(one.candles, index, self.sources.index(name))
            for index, (one, name) in enumerate(zip(held, names, strict=True))
        ]

    @cached_property
    def span_ns(self) -> tuple[int, int]:
        """Receive time of the first row, and the first nanosecond after the last."""
        first = min(int(one.candles.opens_ns[0]) for one in self._held)
        last = max(int(one.candles.closes_ns[-1]) for one in self._held)
        return first + FEED_LATENCY_NS, last + FEED_LATENCY_NS + 1

    @cached_property
    def digest(self) -> str:
        """Names the content: equal digests mean equal instruments, sources and rows."""
        digest = hashlib.blake2b(msgspec.msgpack.encode(tuple(self.table)), digest_size=16)
        for one in self._held:
            digest.update(digest_of(one.candles.columns).encode())
        return digest.hexdigest()

    def timeframe(self, instrument: int) -> str:
        """Length of an instrument's bars."""
        return self._held[instrument].candles.timeframe

    def candles(self, instrument: int) -> Candles:
        """All bars of an instrument as columns: the input of vectorised signals."""
        return self._held[instrument].candles

    def blocks(self, start_ns: int = 0, stop_ns: int = _ENDLESS_NS) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns), by receive time, in blocks of bounded size."""
        first, last = self.span_ns
        start, stop = max(start_ns, first), min(stop_ns, last)
        bars = sum(maker.bars for maker in self._makers)
        step = max(1, (last - first) * BLOCK_BARS // max(1, bars))
        for border in range(start, stop, step):
            rows = self._between(border, min(border + step, stop))
            if len(rows):
                yield rows

    def _between(self, start_ns: int, stop_ns: int) -> EventArray:
        found = [
            one.rows(start_ns - FEED_LATENCY_NS, stop_ns - FEED_LATENCY_NS) for one in self._makers
        ]
        if len(found) == 1:
            return found[0]
        rows = np.concatenate(found)
        is_open = rows["kind"] == EventKind.BAR_OPEN
        order = np.argsort(rows["receive_time_ns"] * 2 + is_open, kind="stable")
        joined: EventArray = rows.view(_WHOLE)[order].view(EVENT)
        return joined


class _RowMaker:
    # The candles of one instrument laid out for the kernel.
    def __init__(self, candles: Candles, index: int, source: int) -> None:
        columns = candles.columns
        self.bars = len(candles)
        self._times = np.stack([candles.opens_ns, candles.closes_ns])
        self._candles = np.stack([columns[name] for name in (*PRICES, "volume", "bought")])
        self._facts = np.array([index, source, FEED_LATENCY_NS], np.int64)

    def rows(self, start_ns: int, stop_ns: int) -> EventArray:
        """Of every bar that opens or closes inside the stretch the rows that lie in it."""
        first = int(np.searchsorted(self._times[1], start_ns))
        last = max(first, int(np.searchsorted(self._times[0], stop_ns)))
        out = np.empty((last - first) * ROWS_PER_BAR, EVENT)
        span = np.array([start_ns, stop_ns], np.int64)
        times = np.ascontiguousarray(self._times[:, first:last])
        candles = np.ascontiguousarray(self._candles[:, first:last])
        count = given_rows(times, candles, span, self._facts, out)
        return out[:count]


def _source_name(instrument: Instrument) -> str:
    return f"{instrument.venue}.{instrument.kind.name.lower()}"


def _is_nested(tables: Any) -> bool:
    if not isinstance(tables, Mapping):
        return False
    if not tables:
        raise DataError("expected candles, found an empty mapping")
    first = next(iter(tables.values()))
    return isinstance(first, Mapping) or hasattr(first, "columns")


def _feed(
    table: Any, name: Instrument | str, timeframe: str, steps: tuple[str, str] | None
) -> tuple[HeldCandles, list[DataNote]]:
    told = name if isinstance(name, str) else name.instrument_id
    taken = _taken(_columns(table, told), timeframe, told)
    candles = taken.candles
    if isinstance(name, Instrument):
        instrument = name
    else:
        price, qty = steps or (candles.price_step.text(1), candles.qty_step.text(1))
        parsed = parse_symbol(name)
        instrument = instrument_of(parsed, parsed.venue or "exchange", Step.of(price), Step.of(qty))
    identity = instrument.instrument_id
    counted, rounded = _counted(candles, instrument)
    flaws = {**taken.flaws, **({"rounded": rounded} if rounded else {})}
    notes = [
        DataNote(kind, identity, n, f"{n} {_WORDS.get(kind, kind)}") for kind, n in flaws.items()
    ]
    return HeldCandles(instrument, counted), [*notes, *_gaps(counted, identity)]


def _taken(table: CandleTable, timeframe: str, told: str) -> TakenIn:
    if not len(table):
        raise DataError(f"expected bars of {told}, found none")
    if len(table) < LEAST_BARS:
        raise DataError(
            f"expected at least {LEAST_BARS} bars of {told}, found {len(table)}: a strategy is "
            "asked when a bar has closed, and filled in the next"
        )
    taken = take_in(table, bar_length_name(timeframe) if timeframe else "")
    for kind in ("overlapping", "conflict"):
        if kind in taken.flaws:
            first = next(row.time_ns for row in taken.apart if row.reason == kind)
            raise DataError(
                f"expected bars of {told} one after the other, found {taken.flaws[kind]} "
                f"{kind}, the first at {np.datetime64(first, 's')}"
            )
    if len(taken.candles) < LEAST_BARS:
        kinds = ", ".join(f"{n} {kind}" for kind, n in taken.flaws.items())
        raise DataError(f"expected at least {LEAST_BARS} sound bars of {told}, found {kinds}")
    return taken


def _counted(candles: Candles, instrument: Instrument) -> tuple[Candles, int]:
    # The same bars in the instrument's own steps, and how many numbers had to be rounded.
    columns, rounded = dict(candles.columns), 0
    for field in (*PRICES, "volume", "bought"):
        is_price = field in PRICES
        step = instrument.price_step if is_price else instrument.qty_step
        old = candles.price_step if is_price else candles.qty_step
        if step == old:
            continue
        known = candles.columns[field] != UNKNOWN
        values = candles.columns[field][known] * old.float(1)
        counts = np.full(len(known), UNKNOWN, np.int64)
        counts[known] = counts_of(values, step)
        rounded += int(
            (np.abs(counts[known] * step.float(1) - values) > 1e-6 * step.float(1)).sum()
        )
        columns[field] = counts
    made = msgspec.structs.replace(
        candles, price_step=instrument.price_step, qty_step=instrument.qty_step, columns=columns
    )
    if (columns["low"] <= 0).any():
        raise DataError(
            f"expected prices of at least one tick of {instrument.price_text(1)}, found less"
        )
    return made, rounded


def _gaps(candles: Candles, identity: str) -> list[DataNote]:
    # Told, not judged: markets that close at night and weekends have them by nature.
    opens, closes = candles.opens_ns, candles.closes_ns
    holes = opens[1:] - closes[:-1]
    found = int((holes > 0).sum())
    if not found:
        return []
    missing = int((holes[holes > 0] // length_ns(candles.timeframe)).sum())
    first = np.datetime64(int(closes[:-1][holes > 0][0]), "ns").astype("datetime64[s]")
    text = f"{found} gaps of {missing} bars in all, the first after {first}"
    return [DataNote("gap", identity, found, text)]


def _columns(table: Any, told: str) -> CandleTable:
    names = {str(name).lower(): name for name in _names(table)}
    missing = [name for name in PRICES if name not in names]
    if missing:
        raise ConfigurationError(
            f"expected columns {', '.join(PRICES)} of {told}, found no {missing[0]!r};"
            f"{did_you_mean(missing[0], list(names))}"
        )
    time = next((names[name] for name in _TIMES if name in names), None)
    times = _times(table.index if time is None and hasattr(table, "index") else table[time])
    count = len(times)

    def floats(name: str) -> Column:
        if name not in names:
            return np.full(count, np.nan)
        column = np.asarray(table[names[name]], np.float64)
        if column.shape != (count,):
            raise DataError(f"expected {count} numbers in {name} of {told}, found {column.shape}")
        return column

    volume = floats("volume") if "volume" in names else np.zeros(count)
    opened, high, low, close = (floats(name) for name in PRICES)
    return CandleTable(
        "memory", times, opened, high, low, close, volume, floats("bought"), floats("trades")
    )


def _names(table: Any) -> Sequence[Any]:
    if isinstance(table, Mapping):
        return list(table)
    if hasattr(table, "columns"):
        return list(table.columns)
    raise ConfigurationError(
        f"expected a mapping or a data frame of columns, found {type(table).__name__}"
    )


def _times(column: Any) -> NDArray[np.int64]:
    found = pa.array(column)
    return read_times(found).times_ns if len(found) else np.empty(0, np.int64)
