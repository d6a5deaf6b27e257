"""Recording market data into the lake: batches in, Parquet parts out.

Rows are kept in memory until a part is full, its hour is over, or `flush` is called; a part file
appears whole or not at all. What is in memory at a crash is not in the lake, but it is in the
journal if there is one, and `record` can be fed from it.

Every row gets a number in its source: the run's number times 2**40 plus a count. So the rows of a
source have one order over all its instruments, runs and files, and reading gives back exactly what
was recorded.
"""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError, InvariantBroken
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.data_quality import QualityCounts, QualityWatch
from undertow.storage.lake_layout import hour_folder, instrument_folder, part_path, safe_source
from undertow.storage.lake_part import PART_VERSION, PartFacts, write_part
from undertow.timeline.merge import Words, rows_of_words, words_of

RUN_SHIFT = 40
_MOST_RUNS = 1 << 22


class RecorderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """rows_a_part: rows of one instrument and source after which a part is written (each is 64
    bytes in memory). rows_waiting: rows of all together after which they are sorted out.
    """

    rows_a_part: int = 200_000
    rows_waiting: int = 65_536

    def __post_init__(self) -> None:
        if self.rows_a_part < 1 or self.rows_waiting < 1:
            raise ConfigurationError("expected rows_a_part and rows_waiting of at least 1")


class Recorder:
    """Records the rows of a run; `table` and `sources` are what rows' indexes point into.

    Not for several threads at once. Call `flush` now and then, and `close` at the end.
    """

    def __init__(
        self,
        lake: Path,
        table: InstrumentTable,
        sources: Sequence[str],
        run: int,
        config: RecorderConfig | None = None,
    ) -> None:
        if not 0 < run < _MOST_RUNS:
            raise InvariantBroken(f"expected a run number from 1 to {_MOST_RUNS - 1}, found {run}")
        if len({safe_source(name) for name in sources}) != len(sources):
            raise ConfigurationError(
                f"expected sources that differ in letters and digits, found {list(sources)}"
            )
        self._lake = lake
        self._table = table
        self._sources = tuple(sources)
        self._config = config or RecorderConfig()
        self._next = [run << RUN_SHIFT] * len(self._sources)
        self._latest_ns = [0] * len(self._sources)
        self._waiting: list[Words] = []
        self._waiting_rows = 0
        self._lanes: dict[tuple[int, int], _Lane] = {}

    def record(self, rows: EventArray) -> None:
        """Take a batch, of any instruments and sources, in the order received.

        Raises `StorageUnavailable` when a part cannot be written; its rows stay in memory for the
        next try, so stop recording when the disk stays full.
        """
        if not len(rows):
            return
        self._waiting.append(words_of(rows).copy())
        self._waiting_rows += len(rows)
        if self._waiting_rows >= self._config.rows_waiting:
            self._sort_out()
            self._write(everything=False)

    def flush(self) -> None:
        """Write everything recorded so far; raises `StorageUnavailable` and keeps the rows then."""
        self._sort_out()
        self._write(everything=True)

    def close(self) -> None:
        """Write what is left."""
        self.flush()

    def _write(self, *, everything: bool) -> None:
        for key in sorted(self._lanes):
            self._lanes[key].write(everything=everything)

    def _sort_out(self) -> None:
        # Number the waiting rows and hand them to their lanes, in order.
        if not self._waiting:
            return
        words = np.concatenate(self._waiting)
        rows = rows_of_words(words)
        self._waiting, self._waiting_rows = [], 0
        numbers, hours = self._number(rows)
        lanes = rows["source"].astype(np.int64) << 16 | rows["instrument"]
        order = np.argsort(lanes, kind="stable")
        borders = np.flatnonzero(np.diff(lanes[order])) + 1
        for places in np.split(order, borders):
            key = int(rows["source"][places[0]]), int(rows["instrument"][places[0]])
            picked = rows_of_words(np.take(words, places, axis=0))
            self._lane(key).take(numbers[places], hours[places], picked)

    def _number(self, rows: EventArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        # The number and the hour of each row. Hours never go back inside a source, whatever its
        # receive times do, so that reading hour after hour keeps the order.
        numbers = np.empty(len(rows), np.int64)
        hours = np.empty(len(rows), np.int64)
        sources = rows["source"]
        for source in np.unique(sources).tolist():
            if source >= len(self._sources):
                raise InvariantBroken(f"expected {len(self._sources)} sources, found {source}")
            places = np.flatnonzero(sources == source)
            first = self._next[source]
            numbers[places] = np.arange(first, first + len(places))
            times = np.maximum(rows["receive_time_ns"][places], self._latest_ns[source])
            times = np.maximum.accumulate(times)
            hours[places] = times // NS_PER_HOUR
            self._next[source] = first + len(places)
            self._latest_ns[source] = int(times[-1])
        return numbers, hours

    def _lane(self, key: tuple[int, int]) -> "_Lane":
        lane = self._lanes.get(key)
        if lane is None:
            source, instrument = key
            facts = PartFacts(
                PART_VERSION, self._table[instrument], self._sources[source], 0, 0, QualityCounts()
            )
            lane = self._lanes[key] = _Lane(self._lake, facts, self._config.rows_a_part)
        return lane


class _Piece(NamedTuple):
    hour: int
    numbers: NDArray[np.int64]
    rows: EventArray
    quality: QualityCounts


class _Lane:
    # One instrument from one source: the rows that are not written yet.

    def __init__(self, lake: Path, facts: PartFacts, rows_a_part: int) -> None:
        self._facts = facts
        self._folder = instrument_folder(lake, facts.instrument)
        self._rows_a_part = rows_a_part
        self._pieces: deque[_Piece] = deque()
        self._watch = QualityWatch()

    def take(self, numbers: NDArray[np.int64], hours: NDArray[np.int64], rows: EventArray) -> None:
        borders = np.flatnonzero(np.diff(hours)) + 1
        starts = [0, *borders.tolist()]
        for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
            self._watch.observe(rows[start:stop])
            part = slice(start, stop)
            piece = _Piece(int(hours[start]), numbers[part], rows[part], self._watch.take())
            self._pieces.append(piece)

    def write(self, *, everything: bool) -> None:
        # Write the parts that are full or whose hour is over, or all. Rows leave memory only when
        # their part is on disk.
        while self._pieces:
            part: list[_Piece] = []
            count = 0
            for piece in self._pieces:
                if piece.hour != self._pieces[0].hour or count >= self._rows_a_part:
                    break
                part.append(piece)
                count += len(piece.rows)
            is_over = len(part) < len(self._pieces)
            if not (everything or is_over or count >= self._rows_a_part):
                return
            self._write_part(part)
            for _ in part:
                self._pieces.popleft()

    def _write_part(self, part: list[_Piece]) -> None:
        quality = QualityCounts()
        for piece in part:
            quality = quality.plus(piece.quality)
        first, last = int(part[0].numbers[0]), int(part[-1].numbers[-1])
        facts = msgspec.structs.replace(
            self._facts, first_row=first, last_row=last, quality=quality
        )
        path = part_path(hour_folder(self._folder, part[0].hour), facts.source, first, last)
        numbers = np.concatenate([piece.numbers for piece in part])
        words = np.concatenate([words_of(piece.rows) for piece in part])
        write_part(path, facts, [(numbers, rows_of_words(words))])
