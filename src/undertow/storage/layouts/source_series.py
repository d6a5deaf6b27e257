"""A series read from one file of another program: candles or funding, and whose they are."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError, DataError, UndertowError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import FUNDING_RATE_DIGITS
from undertow.domain.symbol import SymbolName
from undertow.storage.catalog.bar_length import bar_length_name
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, Columns, SeriesFacts
from undertow.storage.catalog.series_store import ApartRow
from undertow.storage.layouts.candle_intake import take_in
from undertow.storage.layouts.candle_layout import CandleTable, read_candle_table
from undertow.storage.layouts.raw_table import RawTable, read_raw_table
from undertow.storage.layouts.source_name import SourceName, read_source_name

UNKNOWN_VENUE = "unknown"
FINEST = Step(1, 8)
PERPETUAL_LEVERAGE = 20
"""Assumed greatest leverage of a perpetual whose venue's list of instruments is not at hand."""


class SourceOptions(msgspec.Struct, frozen=True):
    """What the user says about a source; empty fields are found out.

    market: spot, linear or inverse. kind: a `SeriesKind`. mapping: our word to column name.
    """

    venue: str = ""
    pair: str = ""
    timeframe: str = ""
    market: str = ""
    kind: str = ""
    mapping: Mapping[str, str] = {}


class SourceSeries(msgspec.Struct, frozen=True):
    """One series and where it came from. Columns are in the steps of the facts' instrument."""

    facts: SeriesFacts
    columns: Columns
    origin: str
    layout: str
    apart: list[ApartRow] = []
    flaws: dict[str, int] = {}

    @property
    def candles(self) -> Candles:
        """Its columns as candles; not for funding."""
        instrument = self.facts.instrument
        name = self.facts.series.timeframe
        return Candles(name, instrument.price_step, instrument.qty_step, self.columns)


def read_source_series(path: Path, options: SourceOptions | None = None) -> SourceSeries:
    """Read a file of candles, mark prices or funding; raises `DataError` when it is none."""
    return series_of_table(read_raw_table(path), path, options or SourceOptions())


def series_of_table(raw: RawTable, path: Path, options: SourceOptions) -> SourceSeries:
    """The series of a table whose path is known."""
    name = read_source_name(path)
    kind = SeriesKind(options.kind) if options.kind else name.kind or SeriesKind.CANDLES
    symbol = source_symbol(name, options, path)
    venue = options.venue or name.venue or UNKNOWN_VENUE
    table = read_candle_table(raw, options.mapping)
    if kind is SeriesKind.FUNDING:
        facts = _facts(instrument_of(symbol, venue), SeriesName(kind))
        columns, flaws = _funding(table)
        return SourceSeries(facts, columns, path.name, table.layout, flaws=flaws)
    timeframe = (
        bar_length_name(options.timeframe or name.timeframe or "")
        if (options.timeframe or name.timeframe)
        else ""
    )
    taken = take_in(table, timeframe)
    candles = taken.candles
    instrument = instrument_of(symbol, venue, candles.price_step, candles.qty_step)
    facts = _facts(instrument, SeriesName(kind, candles.timeframe), table.volume_unit)
    return SourceSeries(
        facts,
        candles.columns,
        path.name,
        table.layout,
        taken.apart,
        _with_units(table, taken.flaws),
    )


def source_symbol(name: SourceName, options: SourceOptions, path: Path) -> SymbolName:
    """The symbol that the user or the path says; raises `ConfigurationError` when neither does."""
    symbol = symbol_of(options.pair) if options.pair else name.symbol
    if symbol is None:
        raise ConfigurationError(
            f"expected to find the pair in the name {path.name}: say it with --pair BTC/USDT"
        )
    market = options.market or ("linear" if name.has_futures else "")
    if market in ("linear", "inverse") and not symbol.settle:
        is_inverse = market == "inverse" or (symbol.quote == "USD" and not options.market)
        settle = symbol.base if is_inverse else symbol.quote
        symbol = msgspec.structs.replace(symbol, settle=settle)
    elif market == "spot":
        symbol = msgspec.structs.replace(symbol, settle="", expiry="")
    elif market not in ("", "linear", "inverse"):
        raise ConfigurationError(f"expected a market of spot, linear or inverse, found {market!r}")
    return symbol


def instrument_of(
    symbol: SymbolName, venue: str, price_step: Step = FINEST, qty_step: Step = FINEST
) -> Instrument:
    """An instrument of which only data is known: steps are those of the data, the rest assumed."""
    kind = MarketKind.SPOT
    if symbol.settle:
        kind = MarketKind.INVERSE if symbol.settle == symbol.base else MarketKind.LINEAR
    return Instrument(
        symbol=symbol.symbol,
        venue=venue,
        raw_symbol=f"{symbol.base}{symbol.quote}",
        kind=kind,
        base=symbol.base,
        quote=symbol.quote,
        settle=symbol.settle or symbol.quote,
        price_step=price_step,
        qty_step=qty_step,
        max_leverage=PERPETUAL_LEVERAGE if symbol.settle else 1,
    )


def try_source_series(path: Path, options: SourceOptions) -> SourceSeries | str:
    """The series of a file, or why it is none."""
    try:
        return read_source_series(path, options)
    except UndertowError as error:
        return str(error)


def _facts(instrument: Instrument, name: SeriesName, volume_unit: str = "none") -> SeriesFacts:
    return SeriesFacts(SERIES_VERSION, instrument, name, volume_unit=volume_unit)


def _with_units(table: CandleTable, flaws: dict[str, int]) -> dict[str, int]:
    if len(table.time_units) > 1:
        return {**flaws, "mixed_time_units": len(table.time_units)}
    return flaws


def _funding(table: CandleTable) -> tuple[Columns, dict[str, int]]:
    # Freqtrade keeps the rate in `open`.
    times, rates = table.times_ns, table.open
    sound = (times > 0) & np.isfinite(rates) & (np.abs(rates) < 1)
    flaws = {"nan": int((~sound).sum())} if not sound.all() else {}
    times, rates = times[sound], rates[sound]
    if not len(times):
        raise DataError("expected funding rates, found none")
    times, first = np.unique(times, return_index=True)
    if len(first) < len(rates):
        flaws["duplicate"] = len(rates) - len(first)
    rate = np.rint(rates[first] * 10**FUNDING_RATE_DIGITS).astype(np.int64)
    return {"time_ns": times, "rate_e12": rate, "mark_e8": np.zeros(len(times), np.int64)}, flaws
