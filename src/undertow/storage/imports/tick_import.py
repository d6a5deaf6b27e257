"""Ticks of other programs into the lake: found out first, then written, a piece of the file at a
time.

The file is read twice. The first reading finds the symbols and the steps of their prices and
quantities; the second one counts in them and writes. An update of a book that is cut by the end of
a piece is held back until the next one.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument
from undertow.domain.symbol import SymbolName
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.decimal_steps import find_digits, finest_step
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import asset_class
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.imports.tick_store import TickStore
from undertow.storage.layouts.raw_table import RawTable
from undertow.storage.layouts.source_name import read_source_name
from undertow.storage.layouts.source_series import (
    UNKNOWN_VENUE,
    SourceOptions,
    instrument_of,
    source_symbol,
)
from undertow.storage.layouts.table_batches import table_batches
from undertow.storage.layouts.tick_layout import TickLayout
from undertow.storage.layouts.ticks import BOOK, FACTS, Ticks, rows_of_ticks, sound_ticks
from undertow.storage.layouts.time_zone import to_utc

_QTY_DIGITS = 8
_FUTURES = frozenset(("futures", "swap", "perpetual", "delivery"))


class _Symbol:
    """What was found of one symbol of a file."""

    def __init__(self) -> None:
        self.price = Step(1, 0)
        self.qty = Step(1, 0)
        self.rows = 0
        self.refused = 0
        self.first_ns = 0
        self.last_ns = 0
        self.venue = ""

    def look(self, ticks: Ticks) -> None:
        ticks, refused = sound_ticks(ticks)
        self.refused += refused
        self.rows += len(ticks)
        if not len(ticks):
            return
        if ticks.stream != FACTS:
            sides = [ticks.price, ticks.price_b]
            self.price = finest_step([self.price, find_digits(sides).step])
        sizes = find_digits([ticks.qty, ticks.qty_b] if ticks.stream != FACTS else [ticks.qty])
        step = sizes.step if sizes.step.digits <= _QTY_DIGITS else Step(1, _QTY_DIGITS)
        self.qty = finest_step([self.qty, step])
        self.first_ns = self.first_ns or int(ticks.event_ns[0])
        self.last_ns = int(ticks.event_ns[-1])


def import_ticks(
    catalog: Catalog, path: Path, layout: TickLayout, options: SourceOptions
) -> list[ImportedSeries]:
    """Import a file of ticks; raises `DataError` when none of its rows is one."""
    found: dict[str, _Symbol] = {}
    for name, ticks, venue in _pieces(path, layout, options):
        symbol = found.setdefault(name, _Symbol())
        symbol.look(ticks)
        symbol.venue = symbol.venue or venue
    if not any(one.rows for one in found.values()):
        raise DataError(f"{path.name}: expected {layout.stream}, found none that could be")
    stores = {
        name: _store(catalog, path, layout, options, (name, symbol))
        for name, symbol in found.items()
        if symbol.rows
    }
    writers = {name: _Writer(store, found[name]) for name, store in stores.items()}
    for name, ticks, _ in _pieces(path, layout, options):
        if name in writers:
            writers[name].add(sound_ticks(ticks)[0])
    return [_result(catalog, writer, layout.stream) for writer in writers.values()]


class _Writer:
    """Writes one symbol's ticks, holding back an update that may go on."""

    def __init__(self, store: TickStore, symbol: _Symbol) -> None:
        self.store = store
        self.symbol = symbol
        self._held: Ticks | None = None

    def add(self, ticks: Ticks) -> None:
        if ticks.stream != BOOK:
            self._put(ticks)
            return
        whole = ticks if self._held is None else _appended(self._held, ticks)
        last = _whole_groups(whole)
        self._held = whole.part(slice(last, None))
        self._put(whole.part(slice(0, last)))

    def close(self) -> None:
        if self._held is not None:
            self._put(self._held)
        self.store.close()

    def _put(self, ticks: Ticks) -> None:
        self.store.add(rows_of_ticks(ticks, self.symbol.price, self.symbol.qty))


def _whole_groups(ticks: Ticks) -> int:
    # How many rows come before the last update, which may go on in the next piece.
    if not len(ticks):
        return 0
    done = np.flatnonzero(ticks.group != ticks.group[-1])
    return int(done[-1]) + 1 if len(done) else 0


def _appended(first: Ticks, second: Ticks) -> Ticks:
    names = Ticks.__struct_fields__[1:]
    columns = [np.concatenate((getattr(first, name), getattr(second, name))) for name in names]
    return Ticks(first.stream, *columns)


def _pieces(
    path: Path, layout: TickLayout, options: SourceOptions
) -> Iterator[tuple[str, Ticks, str]]:
    # Ticks by symbol, as the file has it: name of the symbol, ticks, name of the venue.
    for raw in table_batches(path):
        ticks = _in_utc(layout.read(raw, path), options.timezone)
        names = _column(raw, layout.symbols)
        venue = next(iter(_column(raw, layout.venues)), layout.venues)
        if not names:
            yield "", ticks, venue
            continue
        rows_per_line = len(ticks) // len(raw) if len(raw) else 1
        each = np.repeat(np.array(names), rows_per_line)
        for name in dict.fromkeys(names):
            yield name, ticks.part(each == name), venue


def _in_utc(ticks: Ticks, zone: str) -> Ticks:
    if not zone or zone == "UTC":
        return ticks
    known = ticks.event_ns > 0
    event = np.where(known, to_utc(ticks.event_ns, zone), 0)
    received = np.where(ticks.receive_ns > 0, to_utc(ticks.receive_ns, zone), 0)
    return msgspec.structs.replace(ticks, event_ns=event, receive_ns=received)


def _column(raw: RawTable, name: str) -> list[str]:
    return [str(one) for one in raw.columns[name].to_pylist()] if name in raw.columns else []


def _store(
    catalog: Catalog,
    path: Path,
    layout: TickLayout,
    options: SourceOptions,
    found: tuple[str, _Symbol],
) -> TickStore:
    instrument = _instrument(path, options, found)
    lake = catalog.folder / asset_class(instrument)
    source = f"{instrument.venue}.{instrument.kind.name.lower()}.{layout.stream}"
    return TickStore(lake, instrument, source)


def _instrument(path: Path, options: SourceOptions, found: tuple[str, _Symbol]) -> Instrument:
    name, symbol = found
    told = read_source_name(path)
    words = set(symbol.venue.lower().split("-"))
    if name and not options.pair:
        told = msgspec.structs.replace(told, symbol=_symbol(name, symbol.venue))
    if words & _FUTURES or symbol.venue in ("bitmex", "deribit", "hyperliquid"):
        told = msgspec.structs.replace(told, has_futures=True)
    full = source_symbol(told, options, path)
    venue = options.venue or symbol.venue.split("-")[0].lower() or told.venue or UNKNOWN_VENUE
    return instrument_of(full, venue, symbol.price, symbol.qty)


def _symbol(name: str, venue: str) -> SymbolName:
    # A coin alone (Hyperliquid) is quoted and settled in USDC.
    if venue == "hyperliquid":
        return SymbolName(name.upper(), "USDC", "USDC")
    return symbol_of(name)


def _result(catalog: Catalog, writer: _Writer, stream: str) -> ImportedSeries:
    writer.close()
    store, symbol = writer.store, writer.symbol
    flaws = {"refused": symbol.refused} if symbol.refused else {}
    if store.went_back:
        flaws["unsorted"] = store.went_back
    quality = store.quality
    for name in ("crossed_quotes", "crossed_books", "trade_id_jumps", "duplicates"):
        if getattr(quality, name):
            flaws[name] = getattr(quality, name)
    return ImportedSeries(
        instrument_id=store.instrument.instrument_id,
        series=stream,
        folder=str(store.folder.relative_to(catalog.folder)),
        rows=symbol.rows,
        first_ns=symbol.first_ns,
        last_ns=symbol.last_ns,
        counts=store.counts,
        apart=symbol.refused,
        flaws=flaws,
    )
