"""Reading recorded market data back: the rows that were recorded, in the order they came in."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.data_quality import QualityCounts
from undertow.storage.lake_layout import LakePart, hours, instrument_folder, parts
from undertow.storage.lake_part import PartFacts, Rows, check_steps, read_facts, read_part
from undertow.timeline.merge import MergedSources, merge_by_key

_LAST_NS = (1 << 63) - 1


class Span(msgspec.Struct, frozen=True):
    """Receive times from `start_ns` up to but not including `end_ns`.

    A row whose receive time went back over the end of an hour lies in the later hour and is found
    only when the span touches that too.
    """

    start_ns: int = 0
    end_ns: int = _LAST_NS


ALWAYS = Span()


class LakeReader:
    """Reads the instruments of a table; rows carry its indexes and those of `sources`.

    Prices are counts of the table's ticks: raises `DataError` when a part was recorded with other
    steps, because venues change them. Memory: about 2 MiB for each instrument being read.
    """

    def __init__(self, lake: Path, table: InstrumentTable, sources: Sequence[str]) -> None:
        if not lake.is_dir():
            raise DataError(f"expected a folder of recorded market data, found nothing at {lake}")
        self._lake = lake
        self._table = table
        self._sources = tuple(sources)

    def merged(self, span: Span = ALWAYS) -> MergedSources:
        """All sources in one stream, by the total order of `timeline.merge`."""
        return MergedSources([self.source(rank, span) for rank in range(len(self._sources))])

    def source(self, rank: int, span: Span = ALWAYS) -> Iterator[EventArray]:
        """One source's rows exactly as they were recorded, all instruments together."""
        return merge_by_key([self._rows(index, rank, span) for index in range(len(self._table))])

    def quality(self, instrument: int, rank: int, span: Span = ALWAYS) -> QualityCounts:
        """The quality of every part of an instrument and source that the span touches."""
        counts = QualityCounts()
        for _, facts in self._parts(instrument, rank, span):
            counts = counts.plus(facts.quality)
        return counts

    def _parts(self, index: int, rank: int, span: Span) -> Iterator[tuple[LakePart, PartFacts]]:
        instrument = self._table[index]
        folder = instrument_folder(self._lake, instrument)
        for hour in hours(folder, span.start_ns // NS_PER_HOUR, span.end_ns // NS_PER_HOUR):
            for part in parts(hour, self._sources[rank]):
                facts = read_facts(part.path)
                check_steps(part.path, facts.instrument, instrument)
                yield part, facts

    def _rows(self, index: int, rank: int, span: Span) -> Iterator[Rows]:
        for part, _ in self._parts(index, rank, span):
            for numbers, rows in read_part(part.path, index, rank):
                times = rows["receive_time_ns"]
                wanted = (times >= span.start_ns) & (times < span.end_ns)
                if wanted.all():
                    yield numbers, rows
                elif wanted.any():
                    yield numbers[wanted], rows[wanted]
