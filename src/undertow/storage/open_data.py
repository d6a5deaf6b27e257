"""Opening market data by a path: a catalog, a folder of candle files, or one file.

```
open_market_data("user_data/data", pairs=["BTC/USDT:USDT"], timeframe="5m", timerange="20240101-")
```
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.instrument import Instrument
from undertow.storage.catalog.bar_length import bar_length_name, length_ns
from undertow.storage.catalog.candle_feed import (
    CandleFeed,
    HeldCandles,
    ResampledCandles,
    StoredCandles,
    divides,
)
from undertow.storage.catalog.catalog import Catalog, StoredSeries
from undertow.storage.catalog.pair_name import choose
from undertow.storage.catalog.series_name import TRADED, SeriesKind, SeriesName
from undertow.storage.catalog.series_part import Columns
from undertow.storage.catalog.stored_data import InstrumentFeeds, StoredData
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.layouts.source_name import read_source_name
from undertow.storage.layouts.source_series import (
    SourceOptions,
    SourceSeries,
    read_source_series,
    try_source_series,
)

ENDINGS = (
    ".feather",
    ".parquet",
    ".json",
    ".jsongz",
    ".json.gz",
    ".csv",
    ".csv.gz",
    ".npy",
    ".zip",
)
_OPEN_KINDS = {SeriesKind.MARK: "mark", SeriesKind.INDEX: "index"}


class Offer(msgspec.Struct, frozen=True):
    """A series that can be opened: its feed, or for funding its columns."""

    instrument: Instrument
    name: SeriesName
    feed: CandleFeed | None = None
    funding: Columns | None = None


class DataRequest(msgspec.Struct, frozen=True):
    """What to open of what there is.

    pairs: names in any habit's form, or regular expressions; none means all.
    timeframe: bars of this length, made of shorter ones where need be; empty: the shortest there.
    timerange: as `TimeRange.parse`. days: only the last so many of it. venues: only these.
    options: what is to be known of files that are opened directly.
    """

    pairs: tuple[str, ...] = ()
    timeframe: str = ""
    timerange: str = ""
    days: float = 0.0
    venues: tuple[str, ...] = ()
    options: SourceOptions = SourceOptions()


def open_market_data(
    path: str | Path | Sequence[str | Path],
    pairs: Sequence[str] = (),
    timeframe: str = "",
    timerange: str = "",
    *,
    days: float = 0.0,
    venues: Sequence[str] = (),
    options: SourceOptions | None = None,
) -> StoredData:
    """Open a catalog, a folder of candle files or files; see `DataRequest` for the arguments.

    Raises `ConfigurationError` or `UnknownNameError` for what cannot be understood, `DataError`
    when there is no such data.
    """
    request = DataRequest(
        tuple(pairs), timeframe, timerange, days, tuple(venues), options or SourceOptions()
    )
    paths = [path] if isinstance(path, str | Path) else list(path)
    offers = [offer for one in paths for offer in _offers(Path(one), request)]
    return open_offers(offers, request)


def open_offers(offers: Sequence[Offer], request: DataRequest) -> StoredData:
    """Choose among series and join them into one stretch of market."""
    traded = [one for one in offers if one.name.kind in TRADED]
    if request.venues:
        traded = [one for one in traded if one.instrument.venue in request.venues]
    by_id = {one.instrument.instrument_id: one.instrument for one in traded}
    if not by_id:
        raise DataError("expected candles to open, found none")
    chosen = choose(request.pairs, tuple(by_id.values()))
    span = TimeRange.parse(request.timerange)
    understood = list(chosen.understood)
    bars = []
    for instrument in chosen.instruments:
        mine = [one for one in traded if one.instrument.instrument_id == instrument.instrument_id]
        feed, words = _bars(mine, request.timeframe, span)
        bars.append(feed)
        understood += words
    if request.days:
        span = span.last_days(request.days, max(_end(feed, span) for feed in bars))
    return StoredData([_feeds(feed, offers) for feed in bars], span, understood)


def _bars(offers: Sequence[Offer], timeframe: str, span: TimeRange) -> tuple[CandleFeed, list[str]]:
    kind = next(kind for kind in TRADED if any(one.name.kind is kind for one in offers))
    found = sorted(
        (one for one in offers if one.name.kind is kind),
        key=lambda one: length_ns(one.name.timeframe),
    )
    name = bar_length_name(timeframe) if timeframe else found[0].name.timeframe
    instrument = found[0].instrument.instrument_id
    usable = [one for one in found if divides(one.name.timeframe, name)]
    if not usable:
        there = ", ".join(one.name.timeframe for one in found)
        raise DataError(
            f"expected bars of {instrument} that {name} can be made of, found only {there}"
        )
    best = usable[-1]
    assert best.feed is not None
    words = [f"{instrument}: bars are of the bid"] if kind is SeriesKind.BID else []
    if best.name.timeframe == name:
        return best.feed, words
    words.append(f"{instrument}: {name} bars are made of {best.name.timeframe} bars")
    return ResampledCandles(best.feed, name, span), words


def _feeds(bars: CandleFeed, offers: Sequence[Offer]) -> InstrumentFeeds:
    mine = [one for one in offers if one.instrument.instrument_id == bars.instrument.instrument_id]
    found: dict[SeriesKind, Offer] = {}
    for one in sorted(mine, key=lambda one: length_ns(one.name.timeframe or "8h")):
        found.setdefault(one.name.kind, one)
    others = {field: found[kind].feed for kind, field in _OPEN_KINDS.items() if kind in found}
    funding = found[SeriesKind.FUNDING].funding if SeriesKind.FUNDING in found else None
    return InstrumentFeeds(bars, others.get("mark"), others.get("index"), funding)


def _end(feed: CandleFeed, span: TimeRange) -> int:
    ends = [int(part.closes_ns[-1]) for part in feed.parts(span) if len(part)]
    return ends[-1] if ends else 0


def _offers(path: Path, request: DataRequest) -> list[Offer]:
    if path.is_file():
        return [_held(read_source_series(path, request.options))]
    if not path.is_dir():
        raise DataError(f"expected a file or folder of market data, found nothing at {path}")
    stored = Catalog(path).series()
    if stored:
        return [_stored(one) for one in stored]
    return _of_folder(path, request)


def _stored(series: StoredSeries) -> Offer:
    instrument = series.in_finest_steps()
    if series.name.kind is SeriesKind.FUNDING:
        parts = [columns for _, columns in series.store.parts()]
        return Offer(instrument, series.name, funding=_joined_columns(parts))
    feed = StoredCandles(instrument, series.name.timeframe, series.store)
    return Offer(instrument, series.name, feed)


def _held(series: SourceSeries) -> Offer:
    instrument, name = series.facts.instrument, series.facts.series
    if name.kind is SeriesKind.FUNDING:
        return Offer(instrument, name, funding=series.columns)
    return Offer(instrument, name, HeldCandles(instrument, series.candles))


def _joined_columns(parts: Sequence[Columns]) -> Columns:
    import numpy as np

    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _of_folder(folder: Path, request: DataRequest) -> list[Offer]:
    # A folder as freqtrade keeps it: names say what files are, so only those in question are read.
    paths = [
        path
        for path in [*sorted(folder.glob("*")), *sorted(folder.glob("*/*"))]
        if path.is_file() and path.name.endswith(ENDINGS) and read_source_name(path).symbol
    ]
    found: dict[tuple[str, SeriesName], list[SourceSeries]] = {}
    refused: list[str] = []
    for path in paths:
        series = try_source_series(path, request.options)
        if isinstance(series, str):
            refused.append(series)
        else:
            key = series.facts.instrument.instrument_id, series.facts.series
            found.setdefault(key, []).append(series)
    if not found:
        why = f": {refused[0]}" if refused else ""
        raise DataError(f"expected market data in {folder}, found none{why}")
    return [_held_together(group) for group in found.values()]


def _held_together(group: Sequence[SourceSeries]) -> Offer:
    if len(group) == 1:
        return _held(group[0])
    raise ConfigurationError(
        f"expected one file for {group[0].facts.instrument.instrument_id} "
        f"{group[0].facts.series.text}, found {', '.join(one.origin for one in group)}: import them"
    )
