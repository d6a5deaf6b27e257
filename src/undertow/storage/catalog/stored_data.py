"""Market data of several instruments opened for a backtest: a `MarketData` over catalog and files.

Rows come in the order of `bar_rows`. Memory: a file of each series, and a block.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.catalog.bar_length import length_ns
from undertow.storage.catalog.bar_rows import FACTS, FEED_LATENCY_NS, Keys, bar_rows, keyed
from undertow.storage.catalog.candle_feed import CandleFeed
from undertow.storage.catalog.candles import Candles, joined, no_candles
from undertow.storage.catalog.perpetual_facts import funding_rows, mark_rows
from undertow.storage.catalog.series_part import TIME, Columns, digest_of
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.timeline.batching import rebatch
from undertow.timeline.market_data import DataFidelity, DataNote
from undertow.timeline.merge import merge_by_key

BLOCK_ROWS = 65_536
ENDLESS_NS = (1 << 63) - 1

Keyed = tuple[Keys, EventArray]


class InstrumentFeeds(msgspec.Struct, frozen=True):
    """Everything there is of one instrument: bars, and of a perpetual mark, index and funding."""

    bars: CandleFeed
    mark: CandleFeed | None = None
    index: CandleFeed | None = None
    funding: Columns | None = None

    @property
    def instrument(self) -> Instrument:
        """The instrument."""
        return self.bars.instrument


class StoredData:
    """A `MarketData` of bars. `understood` says in words what was taken for what was asked."""

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
        self.fidelity = DataFidelity.BARS

    @cached_property
    def span_ns(self) -> tuple[int, int]:
        """Receive time of the first row, and the first nanosecond after the last; (0, 0) empty."""
        first, last = ENDLESS_NS, 0
        for number, one in enumerate(self._feeds):
            for _, rows in self._facts(number):
                times = rows["receive_time_ns"]
                first, last = min(first, int(times[0])), max(last, int(times[-1]))
            for part in one.bars.parts(self._span):
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
            digest.update(digest_of(self._funding(one)).encode() if one.funding else b"-")
        return digest.hexdigest()

    @property
    def notes(self) -> tuple[DataNote, ...]:
        """What is wrong with it; empty when nothing was found."""
        return self._notes

    def timeframe(self, instrument: int) -> str:
        """Length of an instrument's bars."""
        return self._feeds[instrument].bars.timeframe

    def candles(self, instrument: int) -> Candles:
        """All bars of an instrument as columns: the input of vectorised signals."""
        return _whole(self._feeds[instrument].bars, self._span)

    def blocks(self, start_ns: int = 0, stop_ns: int = ENDLESS_NS) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns), by receive time, in blocks of bounded size."""
        streams = [
            stream
            for number in sorted(range(len(self._feeds)), key=self._source_of)
            for stream in self._all_streams(number, start_ns, stop_ns)
        ]
        for block in rebatch(merge_by_key(streams), BLOCK_ROWS):
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
        return [*(iter([one]) for one in facts), self._bars(number, start_ns, stop_ns)]

    def _bars(self, number: int, start_ns: int, stop_ns: int) -> Iterator[Keyed]:
        feed, source = self._feeds[number].bars, self._source_of(number)
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
            traded = None if mark is not None else _whole(one.bars, self._span)
            found.append(keyed(funding_rows(funding, mark, traded, indexes), FACTS))
        return found

    def _funding(self, one: InstrumentFeeds) -> Columns:
        assert one.funding is not None
        times = one.funding[TIME]
        inside = (times >= self._span.start_ns) & (times < self._span.stop_ns)
        return {name: values[inside] for name, values in one.funding.items()}


def _whole(feed: CandleFeed, span: TimeRange) -> Candles:
    parts = [part for part in feed.parts(span) if len(part)]
    if not parts:
        steps = feed.instrument.price_step, feed.instrument.qty_step
        return no_candles(feed.timeframe, *steps)
    return joined(parts)


def _source_name(instrument: Instrument) -> str:
    return f"{instrument.venue}.{instrument.kind.name.lower()}"
