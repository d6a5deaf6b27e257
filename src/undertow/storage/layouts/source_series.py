"""A series read from one file of another program: candles or funding, and whose they are."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import FUNDING_RATE_DIGITS
from undertow.domain.symbol import SymbolName
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import PRICES, SERIES_VERSION, Columns, SeriesFacts
from undertow.storage.catalog.series_store import ApartRow
from undertow.storage.catalog.timeframe_names import bar_length_name
from undertow.storage.layouts.candle_intake import take_in
from undertow.storage.layouts.candle_layout import CandleTable, read_candle_table
from undertow.storage.layouts.funding_layout import is_rate_table, read_rate_table
from undertow.storage.layouts.lean import ZONES, lean_bars, lean_file
from undertow.storage.layouts.point_prices import point_scale
from undertow.storage.layouts.raw_table import RawTable, read_raw_table
from undertow.storage.layouts.source_name import SourceName, read_source_name
from undertow.storage.layouts.time_zone import to_utc

UNKNOWN_VENUE = "unknown"
_PREMIUM = "premiumindexklines"
FINEST = Step(1, 8)
PERPETUAL_LEVERAGE = 20
"""Assumed greatest leverage of a perpetual whose venue's list of instruments is not at hand."""


class SourceOptions(msgspec.Struct, frozen=True):
    """What the user says about a source; empty fields are found out.

    market: spot, linear or inverse. kind: a `SeriesKind`. mapping: our word to column name.
    timezone: of the stamps, as in `time_zone`; empty: UTC, or what the layout says.
    scale: what prices are divided by, 0 to find out.
    """

    venue: str = ""
    pair: str = ""
    timeframe: str = ""
    market: str = ""
    kind: str = ""
    mapping: Mapping[str, str] = {}
    timezone: str = ""
    scale: float = 0.0


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


def read_source_series(path: Path, options: SourceOptions | None = None) -> list[SourceSeries]:
    """The series of a file: candles, mark prices or funding, or candles of bid and ask.

    Raises `DataError` when it has none, `ConfigurationError` for what only the user can say.
    """
    return series_of_table(read_raw_table(path), path, options or SourceOptions())


def series_of_table(raw: RawTable, path: Path, options: SourceOptions) -> list[SourceSeries]:
    """The series of a table whose path is known."""
    name = read_source_name(path)
    lean = lean_file(raw, path)
    if _PREMIUM in (part.lower() for part in path.parts):
        raise DataError(f"{path.name}: expected prices, found premium index candles: not kept")
    if lean is None and not options.mapping and is_rate_table(raw):
        tables = {SeriesKind.FUNDING: read_rate_table(raw)}
    elif lean is None:
        kind = SeriesKind(options.kind) if options.kind else name.kind or SeriesKind.CANDLES
        tables = {kind: read_candle_table(raw, options.mapping)}
    elif lean.type == "tick":
        raise DataError(f"{raw.member}: expected bars, found ticks")
    else:
        tables = lean_bars(raw, lean)
        zone = ZONES.get(lean.asset_class, "UTC")
        options = msgspec.structs.replace(options, timezone=options.timezone or zone)
        name = msgspec.structs.replace(name, has_futures=lean.is_perpetual)
    return [series_of_candles(kind, table, path, name, options) for kind, table in tables.items()]


def series_of_candles(
    kind: SeriesKind, table: CandleTable, path: Path, name: SourceName, options: SourceOptions
) -> SourceSeries:
    """One series of a table that was read, cleaned and counted in steps of its own."""
    symbol = source_symbol(name, options, path)
    venue = options.venue or name.venue or UNKNOWN_VENUE
    if options.timezone and options.timezone != "UTC":
        known = table.times_ns > 0
        times = np.where(known, to_utc(table.times_ns, options.timezone), 0)
        table = msgspec.structs.replace(table, times_ns=times)
    if kind is SeriesKind.FUNDING:
        facts = _facts(instrument_of(symbol, venue), SeriesName(kind))
        columns, flaws = _funding(table)
        return SourceSeries(facts, columns, path.name, table.layout, flaws=flaws)
    scale = options.scale or point_scale(symbol, table.open)
    if scale != 1.0:
        prices = {price: getattr(table, price) / scale for price in PRICES}
        table = msgspec.structs.replace(table, **prices)
    timeframe = options.timeframe or name.timeframe
    taken = take_in(table, bar_length_name(timeframe) if timeframe else "")
    candles, flaws = taken.candles, dict(taken.flaws)
    if scale != 1.0:
        flaws["points"] = len(candles)
    if len(table.time_units) > 1:
        flaws["mixed_time_units"] = len(table.time_units)
    instrument = instrument_of(symbol, venue, candles.price_step, candles.qty_step)
    facts = _facts(instrument, SeriesName(kind, candles.timeframe), table.volume_unit)
    return SourceSeries(facts, candles.columns, path.name, table.layout, taken.apart, flaws)


def source_symbol(name: SourceName, options: SourceOptions, path: Path) -> SymbolName:
    """The symbol that the user or the path says; raises `ConfigurationError` when neither does."""
    symbol = symbol_of(options.pair) if options.pair else name.symbol
    if symbol is None:
        raise ConfigurationError(
            f"expected to find the pair in the name {path.name}: say it with --pair BTC/USDT"
        )
    is_future = name.has_futures or name.kind is SeriesKind.FUNDING
    market = options.market or ("linear" if is_future else "")
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


def _facts(instrument: Instrument, name: SeriesName, volume_unit: str = "none") -> SeriesFacts:
    return SeriesFacts(SERIES_VERSION, instrument, name, volume_unit=volume_unit)


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
