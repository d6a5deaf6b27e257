"""History downloaded into a catalog: only what is missing, page by page, never losing a row.

What is there already is looked at first; the stretches that lack candles are asked for, each page
is added as soon as a few have come, so that an interruption costs those few. Funding and trades go
on after the last row that is there.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import FUNDING_RATE_DIGITS, MARK_PRICE_DIGITS, EventKind
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.instrument_facts import InstrumentFacts
from undertow.storage.catalog.lake_feed import lake_feeds
from undertow.storage.catalog.pair_name import choose
from undertow.storage.catalog.series_name import SeriesKind, SeriesName, asset_class
from undertow.storage.catalog.series_part import SERIES_VERSION, TIME, SeriesFacts
from undertow.storage.catalog.series_store import AddedRows, SeriesStore
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.catalog.timeframe_names import close_times, open_times
from undertow.storage.imports.tick_store import TickStore
from undertow.storage.lake_part import read_part
from undertow.storage.layouts.candle_intake import take_in
from undertow.storage.layouts.candle_layout import CandleTable
from undertow.storage.layouts.ticks import TRADES, make_ticks, rows_of_ticks, sound_ticks
from undertow.venues.history_source import CandlePage, HistoryRequest, HistorySource

Told = Callable[[int, int, str], None]

PAGES_HELD = 4
_PERMILLE = 1_000
_NEAR_NS = 86_400 * 10**9


class Downloaded(msgspec.Struct, frozen=True):
    """What came of one series."""

    instrument_id: str
    series: str
    pages: int
    counts: AddedRows


class HistoryDownload:
    """Downloads from one source into one catalog; `tell` hears permille of the time and a word."""

    def __init__(self, catalog: Catalog, source: HistorySource, tell: Told | None = None) -> None:
        self._catalog = catalog
        self._source = source
        self._tell = tell or _silent
        self._instruments: list[Instrument] = []

    def choose(self, pairs: tuple[str, ...]) -> tuple[list[Instrument], tuple[str, ...]]:
        """The source's instruments that the pairs mean, and what was understood.

        The source's list is kept in the catalog. No pairs mean none: raises `UnknownNameError`.
        """
        if not pairs:
            raise UnknownNameError("expected pairs to download, such as BTC/USDT")
        if not self._instruments:
            self._instruments = list(self._source.instruments())
            InstrumentFacts(self._catalog.folder).put(self._instruments)
        chosen = choose(pairs, self._instruments)
        return list(chosen.instruments), chosen.understood

    def candles(
        self, instrument: Instrument, timeframe: str, span: TimeRange, kind: str = "candles"
    ) -> Downloaded:
        """Candles of a timeframe that open in the span and are not there yet."""
        name = SeriesName(SeriesKind(kind), timeframe)
        store = self._catalog.store(instrument, name)
        counts, pages = AddedRows(), 0
        held: list[CandlePage] = []
        place = span.start_ns
        try:
            while (start := _first_missing(store, name, place, span.stop_ns)) < span.stop_ns:
                request = HistoryRequest(instrument, start, span.stop_ns, timeframe, kind)
                page = self._source.candles(request)
                pages += 1
                held.append(page)
                place = max(page.next_ns, start + 1)
                self._say(instrument, place, span)
                if len(held) >= PAGES_HELD:
                    counts, held = counts.plus(_add_candles(store, name, instrument, held)), []
        finally:
            counts = counts.plus(_add_candles(store, name, instrument, held))
        return Downloaded(instrument.instrument_id, name.text, pages, counts)

    def funding(self, instrument: Instrument, span: TimeRange) -> Downloaded:
        """Rates paid in the span, after the last one that is there."""
        name = SeriesName(SeriesKind.FUNDING)
        store = self._catalog.store(instrument, name)
        times = [columns[TIME] for _, columns in store.parts(span.start_ns, span.stop_ns)]
        there = np.concatenate(times) if times else np.empty(0, np.int64)
        starts_early = len(there) and int(there[0]) <= span.start_ns + 86_400 * 10**9
        place = int(there[-1]) + 1_000_000 if starts_early else span.start_ns
        counts, pages = AddedRows(), 0
        facts = SeriesFacts(SERIES_VERSION, instrument, name, "venue", "none")
        while place < span.stop_ns:
            page = self._source.funding(HistoryRequest(instrument, place, span.stop_ns))
            pages += 1
            if len(page.times_ns):
                columns = {
                    TIME: page.times_ns,
                    "rate_e12": _scaled(page.rates, FUNDING_RATE_DIGITS),
                    "mark_e8": _scaled(page.marks, MARK_PRICE_DIGITS),
                }
                counts = counts.plus(store.add(facts, columns, self._source.venue))
            place = max(page.next_ns, place + 1)
            self._say(instrument, place, span)
        return Downloaded(instrument.instrument_id, name.text, pages, counts)

    def trades(self, instrument: Instrument, span: TimeRange) -> Downloaded:
        """Trades of the span, after the last one that is there."""
        lake = self._catalog.folder / asset_class(instrument)
        source = f"{instrument.venue}.{instrument.kind.name.lower()}.{TRADES}"
        place, last_id = _last_trade(lake, instrument, source, span)
        store, pages = TickStore(lake, instrument, source), 0
        try:
            while place < span.stop_ns:
                request = HistoryRequest(instrument, place, span.stop_ns, after_id=last_id)
                page = self._source.trades(request)
                pages += 1
                ticks = make_ticks(
                    TRADES,
                    page.times_ns,
                    price=page.price,
                    qty=page.qty,
                    side=page.side,
                    id=page.id,
                )
                sound, _ = sound_ticks(ticks)
                rows = rows_of_ticks(sound, instrument.price_step, instrument.qty_step)
                store.add(rows)
                place, last_id = max(page.next_ns, place + (not page.last_id)), page.last_id
                self._say(instrument, place, span)
        finally:
            store.close()
        return Downloaded(instrument.instrument_id, TRADES, pages, store.counts)

    def _say(self, instrument: Instrument, place: int, span: TimeRange) -> None:
        done = (
            _PERMILLE * (min(place, span.stop_ns) - span.start_ns) // (span.stop_ns - span.start_ns)
        )
        self._tell(done, _PERMILLE, instrument.instrument_id)


def _silent(done: int, total: int, word: str) -> None:
    return None


def _first_missing(store: SeriesStore, name: SeriesName, start_ns: int, stop_ns: int) -> int:
    # The first open time in the span that the series lacks; the stop when it lacks none.
    place = int(open_times(np.array([start_ns]), name.timeframe)[0])
    if place < start_ns:
        place = int(close_times(np.array([place]), name.timeframe)[0])
    for _, columns in store.parts(place, stop_ns):
        opens = columns[TIME][columns[TIME] >= place]
        if not len(opens) or int(opens[0]) > place:
            return place
        closes = close_times(opens, name.timeframe)
        breaks = np.flatnonzero(opens[1:] != closes[:-1])
        if len(breaks):
            return int(closes[breaks[0]])
        place = int(closes[-1])
    return min(place, stop_ns)


def _add_candles(
    store: SeriesStore, name: SeriesName, instrument: Instrument, pages: list[CandlePage]
) -> AddedRows:
    filled = [page for page in pages if len(page.times_ns)]
    if not filled:
        return AddedRows()
    table = CandleTable(
        layout="download",
        times_ns=np.concatenate([page.times_ns for page in filled]),
        open=np.concatenate([page.open for page in filled]),
        high=np.concatenate([page.high for page in filled]),
        low=np.concatenate([page.low for page in filled]),
        close=np.concatenate([page.close for page in filled]),
        volume=np.concatenate([page.volume for page in filled]),
        bought=np.concatenate([page.bought for page in filled]),
        trades=np.concatenate([page.trades for page in filled]),
    )
    taken = take_in(table, name.timeframe)
    candles = taken.candles
    found = msgspec.structs.replace(
        instrument, price_step=candles.price_step, qty_step=candles.qty_step
    )
    facts = SeriesFacts(SERIES_VERSION, found, name, "inferred", "units")
    counts = store.add(facts, candles.columns, "download")
    store.keep_apart([msgspec.structs.replace(row, origin="download") for row in taken.apart])
    return counts


def _last_trade(
    lake: Path, instrument: Instrument, source: str, span: TimeRange
) -> tuple[int, int]:
    # Where to go on: the time and the id of the last trade that is there, if the span begins there.
    feeds = lake_feeds(lake, lambda one: one.instrument_id == instrument.instrument_id)
    found = [feed for feed in feeds if feed.source == source]
    if not found or found[0].span[0] > span.start_ns + _NEAR_NS:
        return span.start_ns, 0
    place, last_id = span.start_ns, 0
    for part in list(found[0].parts())[-1:]:
        for _, rows in read_part(part.path, 0, 0):
            trades = rows[rows["kind"] == EventKind.TRADE]
            if len(trades):
                place = max(place, int(trades["event_time_ns"][-1]))
                last_id = int(trades["sequence"][-1])
    return (place, last_id) if last_id else (place + 1_000_000, 0)


def _scaled(values: NDArray[np.float64], digits: int) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.rint(values * 10**digits).astype(np.int64)
    return found
