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
from undertow.storage.catalog.candle_feed import CandleFeed, ResampledCandles, divides
from undertow.storage.catalog.decimal_steps import finest_step
from undertow.storage.catalog.lake_feed import LakeFeed
from undertow.storage.catalog.pair_name import choose
from undertow.storage.catalog.series_name import TRADED, SeriesKind
from undertow.storage.catalog.stored_data import InstrumentFeeds, StoredData
from undertow.storage.catalog.time_range import ENDLESS_NS, TimeRange
from undertow.storage.catalog.timeframe_names import bar_length_name, length_ns
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.offered_data import Offer, offers_at
from undertow.timeline.market_data import DataNote

WITH = ("", "bars", "ticks")
_MOST_MISSING = 0.1


class DataRequest(msgspec.Struct, frozen=True):
    """What to open of what there is.

    pairs: names in any habit's form, or regular expressions; none means all.
    timeframe: bars of this length, made of shorter ones where need be; empty: the shortest there.
    timerange: as `TimeRange.parse`. days: only the last so many of it. venues: only these.
    rows: `bars` or `ticks` (recorded trades, quotes, books) where an instrument has both; empty:
    ticks where they cover nine tenths of what the bars cover in that time, else bars.
    options: what is to be known of files that are opened directly.
    """

    pairs: tuple[str, ...] = ()
    timeframe: str = ""
    timerange: str = ""
    days: float = 0.0
    venues: tuple[str, ...] = ()
    rows: str = ""
    options: SourceOptions = SourceOptions()

    def __post_init__(self) -> None:
        if self.rows not in WITH:
            raise ConfigurationError(f"expected rows of bars or ticks, found {self.rows!r}")


def open_market_data(
    path: str | Path | Sequence[str | Path],
    pairs: Sequence[str] = (),
    timeframe: str = "",
    timerange: str = "",
    *,
    days: float = 0.0,
    venues: Sequence[str] = (),
    rows: str = "",
    options: SourceOptions | None = None,
) -> StoredData:
    """Open a catalog, a folder of candle files or files; see `DataRequest` for the arguments.

    Raises `ConfigurationError` or `UnknownNameError` for what cannot be understood, `DataError`
    when there is no such data.
    """
    request = DataRequest(
        *(tuple(pairs), timeframe, timerange, days, tuple(venues), rows, options or SourceOptions())
    )
    paths = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    span = TimeRange.parse(request.timerange)
    offers = [
        one for place in paths for one in offers_at(place, request.options, request.pairs, span)
    ]
    if not offers:
        # Nothing of these names: asked without them, so that near ones can be suggested.
        every = [one.instrument for place in paths for one in offers_at(place, request.options)]
        choose(request.pairs, every)
    return open_offers(offers, request)


def open_offers(offers: Sequence[Offer], request: DataRequest) -> StoredData:
    """Choose among series and join them into one stretch of market."""
    usable = [one for one in offers if one.lake or one.kind in TRADED]
    if request.venues:
        usable = [one for one in usable if one.instrument.venue in request.venues]
    by_id = {one.instrument.instrument_id: one.instrument for one in usable}
    if not by_id:
        raise DataError("expected candles or recorded rows to open, found none")
    chosen = choose(request.pairs, tuple(by_id.values()))
    understood = list(chosen.understood)
    span = TimeRange.parse(request.timerange)
    if request.days:
        span = span.last_days(request.days, _end(usable, [*chosen.instruments], span))
    feeds: list[InstrumentFeeds] = []
    notes: list[DataNote] = []
    for instrument in chosen.instruments:
        mine = [one for one in offers if one.instrument.instrument_id == instrument.instrument_id]
        try:
            feed, words = _feeds(mine, request, span)
        except DataError as error:
            if len(chosen.instruments) == 1 or instrument.instrument_id in request.pairs:
                raise
            understood.append(f"{instrument.instrument_id} is left out: {error}")
            continue
        feeds.append(feed)
        understood += words
        notes += [note for one in mine for note in one.notes]
    if not feeds:
        raise DataError(f"expected data to open, found none that fits: {understood[-1]}")
    return StoredData(feeds, span, understood, notes)


def _feeds(
    mine: Sequence[Offer], request: DataRequest, span: TimeRange
) -> tuple[InstrumentFeeds, list[str]]:
    mine = [one for one in mine if _inside(one.span, span)[0] < _inside(one.span, span)[1]]
    lake = tuple(one.lake for one in mine if one.lake)
    has_bars = any(one.kind in TRADED for one in mine)
    kinds = {one.kind: one for one in reversed(_by_length(mine))}
    others = {
        "mark": kinds[SeriesKind.MARK].feed if SeriesKind.MARK in kinds else None,
        "index": kinds[SeriesKind.INDEX].feed if SeriesKind.INDEX in kinds else None,
    }
    funding = kinds[SeriesKind.FUNDING].funding if SeriesKind.FUNDING in kinds else None
    if lake and (not has_bars or _takes_ticks(lake, mine, request, span)):
        instrument = _in_finest([feed.instrument for feed in lake])
        even = tuple(msgspec.structs.replace(feed, instrument=instrument) for feed in lake)
        words = [f"{instrument.instrument_id}: recorded rows"] if has_bars else []
        told = {} if any(feed.source.endswith("facts") for feed in lake) else others
        return InstrumentFeeds(instrument, None, even, **told, funding=funding), words
    if not has_bars:
        raise DataError(f"expected data in {span.text or 'all time'}, found none")
    bars, words = _bars(mine, request.timeframe, span)
    if lake:
        words.append(f"{bars.instrument.instrument_id}: bars, not the recorded rows there are")
    return InstrumentFeeds(bars.instrument, bars, (), **others, funding=funding), words


def _takes_ticks(
    lake: Sequence[LakeFeed], mine: Sequence[Offer], request: DataRequest, span: TimeRange
) -> bool:
    if request.rows:
        return request.rows == "ticks"
    wanted = [_inside(one.span, span) for one in mine if one.kind in TRADED]
    there = [_inside(feed.span, span) for feed in lake]
    length = max(end for _, end in wanted) - min(start for start, _ in wanted)
    covered = max(end for _, end in there) - min(start for start, _ in there)
    return covered >= (1 - _MOST_MISSING) * length


def _inside(span: tuple[int, int], whole: TimeRange) -> tuple[int, int]:
    start, stop = max(span[0], whole.start_ns), min(span[1], whole.stop_ns)
    return start, max(start, stop)


def _bars(mine: Sequence[Offer], timeframe: str, span: TimeRange) -> tuple[CandleFeed, list[str]]:
    kind = next(kind for kind in TRADED if any(one.kind is kind for one in mine))
    found = [one for one in _by_length(mine) if one.kind is kind]
    name = bar_length_name(timeframe) if timeframe else found[0].timeframe
    identity = found[0].instrument.instrument_id
    usable = [one for one in found if divides(one.timeframe, name)]
    if not usable:
        there = ", ".join(one.timeframe for one in found)
        raise DataError(
            f"expected bars of {identity} that {name} can be made of, found only {there}"
        )
    best = usable[-1]
    assert best.feed is not None
    words = [f"{identity}: bars are of the bid"] if kind is SeriesKind.BID else []
    if best.timeframe == name:
        return best.feed, words
    words.append(f"{identity}: {name} bars are made of {best.timeframe} bars")
    return ResampledCandles(best.feed, name, span), words


def _by_length(offers: Sequence[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda one: length_ns(one.timeframe or "8h"))


def _in_finest(instruments: Sequence[Instrument]) -> Instrument:
    return msgspec.structs.replace(
        instruments[-1],
        price_step=finest_step([one.price_step for one in instruments]),
        qty_step=finest_step([one.qty_step for one in instruments]),
    )


def _end(offers: Sequence[Offer], chosen: list[Instrument], span: TimeRange) -> int:
    wanted = {one.instrument_id for one in chosen}
    ends = [
        min(one.span[1], span.stop_ns) for one in offers if one.instrument.instrument_id in wanted
    ]
    return max(ends, default=ENDLESS_NS)
