"""Market data of several instruments opened for a backtest: a `MarketData` over catalog and files.

Rows come in the order of `bar_rows`. Memory: a file of each series, and a block.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.catalog.bar_rows import FACTS, FEED_LATENCY_NS, OTHERS, Keys, bar_rows, keyed
from undertow.storage.catalog.candle_feed import CandleFeed
from undertow.storage.catalog.candles import Candles, joined, no_candles
from undertow.storage.catalog.lake_feed import LakeFeed, fidelity_of
from undertow.storage.catalog.perpetual_facts import funding_rows, mark_rows
from undertow.storage.catalog.series_part import TIME, Columns, digest_of
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.storage.catalog.timeframe_names import length_ns
from undertow.storage.checks.candle_check import check_candles
from undertow.storage.checks.finding import Finding, Severity, note_of
from undertow.storage.checks.lake_check import check_rows
from undertow.storage.checks.market_hours import hours_of
from undertow.timeline.batching import rebatch
from undertow.timeline.market_data import DataFidelity, DataNote
from undertow.timeline.merge import merge_by_key

BLOCK_ROWS = 65_536
ENDLESS_NS = (1 << 63) - 1

Keyed = tuple[Keys, EventArray]


class InstrumentFeeds(msgspec.Struct, frozen=True):
    """What is read of one instrument: bars or recorded rows, and of a perpetual mark, index and
    funding. The instrument is in the steps of all of them.
    """

    instrument: Instrument
    bars: CandleFeed | None = None
    lake: tuple[LakeFeed, ...] = ()
    mark: CandleFeed | None = None
    index: CandleFeed | None = None
    funding: Columns | None = None

    @property
    def fidelity(self) -> DataFidelity:
        """What it can show."""
        return fidelity_of(list(self.lake)) if self.lake else DataFidelity.BARS


class StoredData:
    """A `MarketData`. `understood` says in words what was taken for what was asked."""

    def __init__(
        self,
        feeds: Sequence[InstrumentFeeds],
        span: TimeRange = ALL_TIME,
        understood: Sequence[str] = (),
        notes: Sequence[DataNote] = (),
    ) -> None:
        self._feeds = tuple(feeds)
        self._span = span
        self._notes = tuple(notes)
        self.understood = tuple(understood)
        self.table = InstrumentTable(one.instrument for one in self._feeds)
        names = (_source_name(one.instrument) for one in self._feeds)
        self.sources = tuple(dict.fromkeys(names))
        order = list(DataFidelity)
        self.fidelity = max((one.fidelity for one in self._feeds), key=order.index)

    @cached_property
    def span_ns(self) -> tuple[int, int]:
        """Receive time of the first row, and the first nanosecond after the last; (0, 0) empty."""
        first, last = ENDLESS_NS, 0
        for number, one in enumerate(self._feeds):
            for _, rows in self._facts(number):
                times = rows["receive_time_ns"]
                first, last = min(first, int(times[0])), max(last, int(times[-1]))
            for feed in one.lake:
                low, high = (
                    max(feed.span[0], self._span.start_ns),
                    min(feed.span[1], self._span.stop_ns),
                )
                if low < high:
                    first, last = min(first, low), max(last, high - 1)
            for part in one.bars.parts(self._span) if one.bars else ():
                if len(part):
                    first = min(first, int(part.opens_ns[0]) + FEED_LATENCY_NS)
                    last = max(last, int(part.closes_ns[-1]) + FEED_LATENCY_NS)
        return (first, last + 1) if last else (0, 0)

    @cached_property
    def digest(self) -> str:
        """Names the content: equal digests mean equal instruments, sources and rows."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(msgspec.msgpack.encode((tuple(self.table), self.sources, self._span)))
        for one in self._feeds:
            for feed in (one.bars, one.mark, one.index):
                digest.update(feed.digest(self._span).encode() if feed else b"-")
            for rows in one.lake:
                digest.update(rows.digest(self._span).encode())
            digest.update(digest_of(self._funding(one)).encode() if one.funding else b"-")
        return digest.hexdigest()

    @cached_property
    def notes(self) -> tuple[DataNote, ...]:
        """What imports met and what checks find in the bars of the span, beyond mere facts.

        The first asking reads all bars. A history of less than six months is always said.
        """
        found = list(self._notes)
        for number, one in enumerate(self._feeds):
            identity = one.instrument.instrument_id
            if one.bars:
                candles = self.candles(number)
                has_volume = bool(candles.columns["volume"].any())
                hours = hours_of(one.instrument)
                report = check_candles(candles, hours, has_volume=has_volume)
                found += _notes(report.findings, identity)
            for feed in one.lake:
                found += _notes(check_rows(feed), identity)
        return tuple(found)

    def timeframe(self, instrument: int) -> str:
        """Length of an instrument's bars; empty where it has recorded rows instead."""
        bars = self._feeds[instrument].bars
        return bars.timeframe if bars else ""

    def candles(self, instrument: int) -> Candles:
        """All bars of an instrument as columns: the input of vectorised signals.

        Raises `DataError` where it has recorded rows and no bars.
        """
        bars = self._feeds[instrument].bars
        if bars is None:
            name = self._feeds[instrument].instrument.instrument_id
            raise DataError(f"expected bars of {name}, found recorded rows")
        return _whole(bars, self._span)

    def blocks(self, start_ns: int = 0, stop_ns: int = ENDLESS_NS) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns), by receive time, in blocks of bounded size."""
        streams = [
            stream
            for number in sorted(range(len(self._feeds)), key=self._source_of)
            for stream in self._all_streams(number, start_ns, stop_ns)
        ]
        for block in rebatch(_in_order(streams), BLOCK_ROWS):
            times = block["receive_time_ns"]
            inside = (times >= start_ns) & (times < stop_ns)
            if inside.all():
                yield block
            elif inside.any():
                yield block[inside]

    def _source_of(self, number: int) -> int:
        return self.sources.index(_source_name(self._feeds[number].instrument))

    def _all_streams(self, number: int, start_ns: int, stop_ns: int) -> list[Iterator[Keyed]]:
        facts = self._facts(number)
        found: list[Iterator[Keyed]] = [iter([one]) for one in facts]
        begin, end = max(start_ns, self._span.start_ns), min(stop_ns, self._span.stop_ns)
        if begin < end:
            indexes, wanted = (number, self._source_of(number)), TimeRange(begin, end)
            found += [_lake_stream(feed, wanted, indexes) for feed in self._feeds[number].lake]
        return [*found, self._bars(number, start_ns, stop_ns)]

    def _bars(self, number: int, start_ns: int, stop_ns: int) -> Iterator[Keyed]:
        feed, source = self._feeds[number].bars, self._source_of(number)
        if feed is None:
            return
        # A bar that opened before the start may close after it; of such bars only that row is kept.
        begin = max(self._span.start_ns, start_ns - length_ns(feed.timeframe) - FEED_LATENCY_NS, 0)
        end = min(self._span.stop_ns, stop_ns + length_ns(feed.timeframe))
        if begin < end:
            for part in feed.parts(TimeRange(begin, min(end, ENDLESS_NS))):
                yield bar_rows(part, number, source)

    def _facts(self, number: int) -> list[Keyed]:
        one, indexes = self._feeds[number], (number, self._source_of(number))
        mark = _whole(one.mark, self._span) if one.mark else None
        funding = self._funding(one) if one.funding else None
        found: list[Keyed] = []
        if mark is not None and len(mark):
            index = _whole(one.index, self._span) if one.index else None
            found.append(keyed(mark_rows(mark, index, funding, indexes), FACTS))
        if funding is not None and len(funding[TIME]):
            traded = _whole(one.bars, self._span) if mark is None and one.bars else None
            found.append(keyed(funding_rows(funding, mark, traded, indexes), FACTS))
        return found

    def _funding(self, one: InstrumentFeeds) -> Columns:
        assert one.funding is not None
        times = one.funding[TIME]
        inside = (times >= self._span.start_ns) & (times < self._span.stop_ns)
        return {name: values[inside] for name, values in one.funding.items()}


def _in_order(streams: list[Iterator[Keyed]]) -> Iterator[EventArray]:
    # One stream alone is in order already.
    if len(streams) == 1:
        return (rows for _, rows in streams[0])
    return merge_by_key(streams)


def _notes(findings: Sequence[Finding], identity: str) -> list[DataNote]:
    return [
        note_of(one, identity)
        for one in findings
        if one.severity > Severity.FACT or one.kind == "history"
    ]


def _lake_stream(feed: LakeFeed, span: TimeRange, indexes: tuple[int, int]) -> Iterator[Keyed]:
    for rows in feed.rows(span, *indexes):
        yield keyed(rows, OTHERS)


def _whole(feed: CandleFeed, span: TimeRange) -> Candles:
    parts = [part for part in feed.parts(span) if len(part)]
    if not parts:
        steps = feed.instrument.price_step, feed.instrument.qty_step
        return no_candles(feed.timeframe, *steps)
    return joined(parts)


def _source_name(instrument: Instrument) -> str:
    return f"{instrument.venue}.{instrument.kind.name.lower()}"
