"""Imported ticks in the lake of recorded rows: hour parts that are added to and never lose a row.

Rows are numbered by their time of receipt: the day since 1970 x 2**40, plus the time of day in
100 us x 1024, plus a count where several fall together. So a file that is imported again gives the
very same parts, files may come in any order, and reading by number is reading by time.

What lies in an hour already is compared with what comes: the same rows change nothing; rows before
or after a part that is there are added; rows that differ inside one are kept apart in
`<hour>/apart/`, and reported.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR
from undertow.storage.catalog.lake_rows import in_steps
from undertow.storage.catalog.series_store import AddedRows
from undertow.storage.data_quality import QualityCounts, QualityWatch
from undertow.storage.lake_layout import hour_folder, instrument_folder, part_path, parts
from undertow.storage.lake_part import PART_VERSION, PartFacts, read_facts, read_part, write_part
from undertow.timeline.batching import is_inside
from undertow.timeline.merge import rows_of_words, words_of

_SHIFT, _TICK_NS, _PER_TICK = 40, 100_000, 1 << 10
APART = "apart"

Ints = NDArray[np.int64]
Numbered = tuple[int, EventArray]
"""The last row number of a part, and its rows."""


class TickStore:
    """Takes rows of one instrument and stream in order of time, and writes them hour by hour.

    lake: the root of the lake, e.g. `data/crypto`. source: the lake's name of the stream.
    """

    def __init__(self, lake: Path, instrument: Instrument, source: str) -> None:
        self.instrument = instrument
        self._source = source
        self.folder = instrument_folder(lake, instrument)
        self.counts = AddedRows()
        self.quality = QualityCounts()
        self._watch = QualityWatch()
        self._latest_ns = 0
        self._last_number = -1
        self._hour = -1
        self._held: list[tuple[Ints, EventArray]] = []
        self.went_back = 0
        self.first_ns = self.last_ns = 0

    def add(self, rows: EventArray) -> None:
        """Take rows; a book update must be whole. Times that go back are held at the greatest."""
        if not len(rows):
            return
        rows = rows.copy()
        received = rows["receive_time_ns"]
        times = np.maximum.accumulate(np.maximum(received, self._latest_ns))
        self.went_back += int((times > received).sum())
        rows["receive_time_ns"] = times
        self._latest_ns = self.last_ns = int(times[-1])
        self.first_ns = self.first_ns or int(times[0])
        numbers = self._numbers(times)
        hours = _unit_hours(rows, times)
        borders = [0, *(np.flatnonzero(np.diff(hours)) + 1).tolist(), len(rows)]
        for start, stop in pairwise(borders):
            if int(hours[start]) != self._hour:
                self._write()
                self._hour = int(hours[start])
            self._held.append((numbers[start:stop], rows[start:stop]))

    def close(self) -> None:
        """Write what is left."""
        self._write()

    def _numbers(self, times: Ints) -> Ints:
        days, clock = times // NS_PER_DAY, times % NS_PER_DAY
        numbers = (days << _SHIFT) + clock // _TICK_NS * _PER_TICK
        # Each at least one above the one before it.
        steps = np.arange(len(numbers))
        raised = np.maximum.accumulate(np.maximum(numbers - steps, self._last_number + 1)) + steps
        self._last_number = int(raised[-1])
        return raised

    def _write(self) -> None:
        if not self._held:
            return
        numbers = np.concatenate([one for one, _ in self._held])
        words = np.concatenate([words_of(rows) for _, rows in self._held])
        rows = rows_of_words(words)
        self._held = []
        folder = hour_folder(self.folder, self._hour)
        there = self._there(folder)
        inside = self._compare(folder, there, numbers, rows)
        fresh = np.flatnonzero(~inside)
        for run in np.split(fresh, np.flatnonzero(np.diff(fresh) > 1) + 1):
            if len(run):
                found = _after(numbers[run], rows[run], there)
                self._write_part(folder, found, rows[run])
                self.counts.added += len(run)

    def _there(self, folder: Path) -> list[Numbered]:
        if not folder.is_dir():
            return []
        found: list[Numbered] = []
        for part in parts(folder, self._source):
            facts = read_facts(part.path)
            rows = np.concatenate([rows for _, rows in read_part(part.path, 0, 0)])
            found.append((part.last, in_steps(rows, facts.instrument, self.instrument)))
        return found

    def _compare(
        self, folder: Path, there: list[Numbered], numbers: Ints, rows: EventArray
    ) -> NDArray[np.bool_]:
        # Which rows are settled: the same as those there, or kept apart for being between them.
        # What comes at the very time of the last row there, and is none of those, follows it.
        times = rows["receive_time_ns"]
        between, touching = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        for _, part in there:
            low, high = int(part["receive_time_ns"][0]), int(part["receive_time_ns"][-1])
            touching |= (times >= low) & (times <= high)
            between |= (times >= low) & (times < high)
        if not touching.any():
            return touching
        known = {bytes(row) for _, part in there for row in words_of(part)}
        same = np.zeros(len(rows), bool)
        same[touching] = [bytes(row) in known for row in words_of(rows[touching])]
        apart = between & ~same
        self.counts.equal += int(same.sum())
        self.counts.conflicting += int(apart.sum())
        if apart.any():
            self._write_part(folder / APART, numbers[apart], rows[apart])
        return same | apart

    def _write_part(self, folder: Path, numbers: Ints, rows: EventArray) -> None:
        self._watch.observe(rows)
        quality = self._watch.take()
        self.quality = self.quality.plus(quality)
        first, last = int(numbers[0]), int(numbers[-1])
        facts = PartFacts(PART_VERSION, self.instrument, self._source, first, last, quality)
        write_part(part_path(folder, self._source, first, last), facts, [(numbers, rows)])


def _unit_hours(rows: EventArray, times: Ints) -> Ints:
    # All rows of a book update lie in the hour of its end.
    hours = times // NS_PER_HOUR
    inside = np.flatnonzero(is_inside(rows))
    if len(inside):
        ends = np.flatnonzero(~is_inside(rows))
        hours[inside] = hours[ends[np.searchsorted(ends, inside)]]
    return hours


def _after(numbers: Ints, rows: EventArray, there: list[Numbered]) -> Ints:
    # Numbers above those of every part that is before these rows.
    start = int(rows["receive_time_ns"][0])
    floors = [last + 1 for last, part in there if int(part["receive_time_ns"][-1]) <= start]
    if not floors or int(numbers[0]) >= max(floors):
        return numbers
    steps = np.arange(len(numbers))
    raised: Ints = np.maximum.accumulate(np.maximum(numbers - steps, max(floors))) + steps
    return raised
