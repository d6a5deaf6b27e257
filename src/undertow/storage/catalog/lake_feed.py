"""Recorded and imported rows of one instrument in a catalog: trades, quotes, books, by the hour.

The rows of a source are read in its own order and in the steps of one instrument, whatever steps
the parts were recorded in.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.catalog.decimal_steps import finest_step
from undertow.storage.catalog.lake_rows import in_steps
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.storage.data_quality import QualityCounts
from undertow.storage.lake_layout import LakePart, hours, parts
from undertow.storage.lake_part import read_facts, read_part
from undertow.timeline.market_data import DataFidelity
from undertow.timeline.merge import MergedSources


class LakeFeed(msgspec.Struct, frozen=True):
    """One source of one instrument. folder: the instrument's in the lake. source: as in parts."""

    folder: Path
    instrument: Instrument
    source: str
    quality: QualityCounts
    span: tuple[int, int]

    def rows(self, span: TimeRange, instrument: int, source: int) -> Iterator[EventArray]:
        """Whole units in order of receive time; rows carry the given indexes."""
        return iter(MergedSources([self._rows(span, instrument, source)]))

    def digest(self, span: TimeRange) -> str:
        """Of what its parts say of themselves, their sizes, and the ends of the span."""
        digest = hashlib.blake2b(span.text.encode(), digest_size=16)
        for part in self.parts(span):
            digest.update(part.path.name.encode() + str(part.path.stat().st_size).encode())
            digest.update(msgspec.json.encode(read_facts(part.path)))
        return digest.hexdigest()

    def parts(self, span: TimeRange = ALL_TIME) -> Iterator[LakePart]:
        """The part files whose hours the span touches, in order."""
        first, last = span.start_ns // NS_PER_HOUR, span.stop_ns // NS_PER_HOUR
        for hour in hours(self.folder, first, last):
            yield from parts(hour, self.source)

    def _rows(self, span: TimeRange, instrument: int, source: int) -> Iterator[EventArray]:
        for part in self.parts(span):
            recorded = read_facts(part.path).instrument
            for _, rows in read_part(part.path, instrument, source):
                times = rows["receive_time_ns"]
                wanted = (times >= span.start_ns) & (times < span.stop_ns)
                chosen = rows if wanted.all() else rows[wanted]
                if len(chosen):
                    yield in_steps(chosen, recorded, self.instrument)


def lake_feeds(
    lake: Path, is_wanted: Callable[[Instrument], bool], span: TimeRange = ALL_TIME
) -> list[LakeFeed]:
    """Every source of the wanted instruments in a lake, as far as it lies in hours of the span.

    The headers of those parts are read.
    """
    found: list[LakeFeed] = []
    for folder in sorted(lake.glob("*/*/*")):
        found += _of_instrument(folder, is_wanted, span)
    return found


def fidelity_of(feeds: list[LakeFeed]) -> DataFidelity:
    """The most that the sources of one instrument show together."""
    if any(feed.quality.book_updates for feed in feeds):
        return DataFidelity.L2
    if any(feed.quality.quotes for feed in feeds):
        return DataFidelity.QUOTES
    return DataFidelity.TRADES


def _of_instrument(
    folder: Path, is_wanted: Callable[[Instrument], bool], span: TimeRange
) -> list[LakeFeed]:
    by_source: dict[str, list[LakePart]] = {}
    for hour in hours(folder, span.start_ns // NS_PER_HOUR, span.stop_ns // NS_PER_HOUR):
        for part in parts(hour):
            if not by_source and not is_wanted(read_facts(part.path).instrument):
                return []
            by_source.setdefault(part.source, []).append(part)
    return [_feed(folder, group) for _, group in sorted(by_source.items())]


def _feed(folder: Path, group: list[LakePart]) -> LakeFeed:
    facts = [read_facts(part.path) for part in group]
    quality = QualityCounts()
    for one in facts:
        quality = quality.plus(one.quality)
    instrument = msgspec.structs.replace(
        facts[-1].instrument,
        price_step=finest_step([one.instrument.price_step for one in facts]),
        qty_step=finest_step([one.instrument.qty_step for one in facts]),
    )
    ends = []
    for part, place in ((group[0], 0), (group[-1], -1)):
        pieces = [rows for _, rows in read_part(part.path, 0, 0)]
        ends.append(int(pieces[place]["receive_time_ns"][place]))
    return LakeFeed(folder, instrument, facts[-1].source, quality, (ends[0], ends[1] + 1))
