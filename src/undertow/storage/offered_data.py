"""What a path offers to be opened: series of a catalog, recorded rows, candle files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.instrument import Instrument
from undertow.storage.catalog.candle_feed import CandleFeed, HeldCandles, StoredCandles
from undertow.storage.catalog.catalog import CLASSES, Catalog, StoredSeries
from undertow.storage.catalog.instrument_facts import InstrumentFacts
from undertow.storage.catalog.lake_feed import LakeFeed, lake_feeds
from undertow.storage.catalog.pair_name import may_mean
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import TIME, Columns, read_series_part
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.storage.catalog.timeframe_names import close_times
from undertow.storage.checks.finding import Severity, note_of
from undertow.storage.checks.import_flaws import import_findings
from undertow.storage.imports.import_log import ImportLog
from undertow.storage.layouts.source_name import read_source_name
from undertow.storage.layouts.source_series import (
    UNKNOWN_VENUE,
    SourceOptions,
    SourceSeries,
    instrument_of,
    read_source_series,
    source_symbol,
)
from undertow.timeline.market_data import DataNote

ENDINGS = (
    *(".feather", ".parquet", ".json", ".jsongz", ".json.gz", ".csv", ".csv.gz", ".npy", ".zip"),
)


class Offer(msgspec.Struct, frozen=True):
    """A series that can be opened: its feed, for funding its columns, or rows of a lake.

    span: first open and last close. notes: what imports met in it. steps_from: `venue` when its
    list of instruments is at hand, else `inferred` from the data.
    """

    instrument: Instrument
    span: tuple[int, int]
    kind: SeriesKind | None = None
    timeframe: str = ""
    feed: CandleFeed | None = None
    funding: Columns | None = None
    lake: LakeFeed | None = None
    notes: tuple[DataNote, ...] = ()
    steps_from: str = "inferred"


def offers_at(
    path: Path, options: SourceOptions, pairs: Sequence[str] = (), span: TimeRange = ALL_TIME
) -> list[Offer]:
    """What a path has of the pairs; raises `DataError` when it has nothing at all.

    span: hours of recorded rows beyond it are not looked at.
    """
    if path.is_file():
        return [_held(one) for one in read_source_series(path, options)]
    if not path.is_dir():
        raise DataError(f"expected a file or folder of market data, found nothing at {path}")
    series = Catalog(path).series()
    stored = [*catalog_offers(path, series, pairs), *lake_offers(path, pairs, span)]
    return stored if stored or series else _of_folder(path, options, pairs)


def catalog_offers(
    catalog: Path, series: Sequence[StoredSeries], pairs: Sequence[str] = ()
) -> list[Offer]:
    """The series of a catalog."""
    log, facts = ImportLog(catalog), InstrumentFacts(catalog)
    return [_stored(one, log, facts) for one in series if may_mean(pairs, one.instrument)]


def lake_offers(folder: Path, pairs: Sequence[str] = (), span: TimeRange = ALL_TIME) -> list[Offer]:
    """Recorded rows in a folder and in its classes."""
    facts, found = InstrumentFacts(folder), list[Offer]()
    for name in ("", *CLASSES):
        for one in lake_feeds(folder / name, lambda one: may_mean(pairs, one), span):
            feed = msgspec.structs.replace(one, instrument=facts.completed(one.instrument))
            steps_from = _steps_from(facts, feed.instrument)
            found.append(Offer(feed.instrument, feed.span, lake=feed, steps_from=steps_from))
    return found


def _stored(series: StoredSeries, log: ImportLog, facts: InstrumentFacts) -> Offer:
    instrument, name = facts.completed(series.in_finest_steps()), series.name
    paths = series.store.paths()
    first = read_series_part(paths[0])[1][TIME]
    last = read_series_part(paths[-1])[1][TIME]
    findings = import_findings(log.flaws(series.folder))
    notes = tuple(
        note_of(one, instrument.instrument_id) for one in findings if one.severity > Severity.FACT
    )
    told: dict[str, Any] = {"notes": notes, "steps_from": _steps_from(facts, instrument)}
    if name.kind is SeriesKind.FUNDING:
        parts = [columns for _, columns in series.store.parts()]
        funding = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        span = (int(first[0]), int(last[-1]) + 1)
        return Offer(instrument, span, name.kind, funding=funding, **told)
    span = (int(first[0]), int(close_times(last[-1:], name.timeframe)[0]))
    feed = StoredCandles(instrument, name.timeframe, series.store)
    return Offer(instrument, span, name.kind, name.timeframe, feed, **told)


def _steps_from(facts: InstrumentFacts, instrument: Instrument) -> str:
    return "venue" if facts.find(instrument.instrument_id) else "inferred"


def _held(series: SourceSeries) -> Offer:
    instrument, name = series.facts.instrument, series.facts.series
    times = series.columns[TIME]
    if not len(times):
        raise DataError(f"{series.origin}: expected candles, found none that are sound")
    findings = import_findings(series.flaws)
    notes = tuple(
        note_of(one, instrument.instrument_id) for one in findings if one.severity > Severity.FACT
    )
    if name.kind is SeriesKind.FUNDING:
        span = (int(times[0]), int(times[-1]) + 1)
        return Offer(instrument, span, name.kind, funding=series.columns, notes=notes)
    span = (int(times[0]), int(close_times(times[-1:], name.timeframe)[0]))
    feed = HeldCandles(instrument, series.candles)
    return Offer(instrument, span, name.kind, name.timeframe, feed, notes=notes)


def _of_folder(folder: Path, options: SourceOptions, pairs: Sequence[str]) -> list[Offer]:
    # A folder as freqtrade keeps it, futures in a folder inside. Only files of the pairs are read.
    paths = [
        path
        for path in [*sorted(folder.glob("*")), *sorted(folder.glob("*/*"))]
        if path.is_file() and path.name.endswith(ENDINGS) and read_source_name(path).symbol
    ]
    found: dict[tuple[str, SeriesName], list[SourceSeries]] = {}
    refused: list[str] = []
    wanted = [path for path in paths if may_mean(pairs, _named(path, options))]
    if paths and not wanted:
        return []
    for path in wanted:
        try:
            series = read_source_series(path, options)
        except (DataError, ConfigurationError) as error:
            refused.append(str(error))
            continue
        for one in series:
            found.setdefault((one.facts.instrument.instrument_id, one.facts.series), []).append(one)
    if not found:
        why = f": {refused[0]}" if refused else ""
        raise DataError(f"expected market data in {folder}, found none{why}")
    return [_held_together(group) for group in found.values()]


def _named(path: Path, options: SourceOptions) -> Instrument:
    # The instrument as its file's name has it.
    name = read_source_name(path)
    venue = options.venue or name.venue or UNKNOWN_VENUE
    return instrument_of(source_symbol(name, options, path), venue)


def _held_together(group: Sequence[SourceSeries]) -> Offer:
    if len(group) == 1:
        return _held(group[0])
    raise ConfigurationError(
        f"expected one file for {group[0].facts.instrument.instrument_id} "
        f"{group[0].facts.series.text}, found {', '.join(one.origin for one in group)}: import them"
    )
