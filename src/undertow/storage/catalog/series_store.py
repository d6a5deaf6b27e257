"""One series on disk: files by period, to which rows are added and from which none is ever lost.

Rules of adding, row by row at its time (funding: at its minute, because stamps jitter):

* a new time is added; the same numbers again change nothing;
* what the source before did not tell (bought volume, number of trades) is filled in;
* the last row that is there may have been unfinished: an incoming row of the same open, with at
  least its volume and range, takes its place, and the old one is kept apart;
* any other difference is a conflict: what is there stays, what came is kept apart; so is a bar
  that begins inside one that is there, or in which one that is there begins.

What is kept apart lies in `apart.jsonl` with its reason. A file is replaced only by one that holds
all its rows; each replacement is atomic, so an import that was cut off is done again.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument
from undertow.storage.atomic_file import write_atomically
from undertow.storage.catalog.candles import Candles, joined
from undertow.storage.catalog.decimal_steps import floats_of
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import (
    TIME,
    UNKNOWN,
    Columns,
    SeriesFacts,
    column_names,
    read_series_facts,
    read_series_part,
    write_series_part,
)
from undertow.storage.catalog.timeframe_names import close_times, open_times
from undertow.storage.disk_refusal import refusals

APART = "apart.jsonl"
REPLACED = "replaced"
OPTIONAL = ("bought", "trades")
_MINUTE_NS = 60_000_000_000


class AddedRows(msgspec.Struct):
    """What became of incoming rows: new ones, equal ones, last rows completed, conflicts."""

    added: int = 0
    equal: int = 0
    completed: int = 0
    conflicting: int = 0

    def plus(self, other: "AddedRows") -> "AddedRows":
        """The counts of both."""
        values = [getattr(self, n) + getattr(other, n) for n in self.__struct_fields__]
        return AddedRows(*values)


class ApartRow(msgspec.Struct, frozen=True):
    """A row that is not in the series, why, and where it came from."""

    reason: str
    time_ns: int
    values: dict[str, float | None]
    origin: str = ""


class SeriesStore:
    """Reads one series' folder and adds to it; one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def paths(self) -> list[Path]:
        """The files in order of time."""
        if not self.folder.is_dir():
            return []
        return sorted(self.folder.glob("*.parquet"))

    def facts(self) -> SeriesFacts:
        """Facts of the newest file; raises `DataError` when there is none."""
        paths = self.paths()
        if not paths:
            raise DataError(f"expected a series of market data, found nothing at {self.folder}")
        return read_series_facts(paths[-1])

    def parts(
        self, start_ns: int = 0, stop_ns: int = 1 << 62
    ) -> Iterator[tuple[SeriesFacts, Columns]]:
        """The files that rows of the stretch can lie in, whole, in order of time."""
        name = None
        for path in self.paths():
            if name is None:
                name = read_series_facts(path).series
            first, last = name.periods(np.array([max(start_ns, 0), min(stop_ns, 1 << 62)]))
            if first <= path.stem <= last:
                yield read_series_part(path)

    def put_aside(self) -> Path | None:
        """Move the series out of the way, into `replaced` beside it; None when there is none."""
        if not self.paths():
            return None
        aside = self.folder.parent / REPLACED
        number = 1
        while (target := aside / f"{self.folder.name}.{number}").exists():
            number += 1
        with refusals("move aside", self.folder):
            aside.mkdir(parents=True, exist_ok=True)
            self.folder.rename(target)
        return target

    def add(self, facts: SeriesFacts, columns: Columns, origin: str = "") -> AddedRows:
        """Add rows by the rules above; times must ascend. Doing it again changes nothing."""
        counts = AddedRows()
        latest = self._latest_path()
        starts = facts.series.period_starts(columns[TIME])
        periods = facts.series.periods(columns[TIME][starts])
        for start, stop, period in zip(
            starts, [*starts[1:], len(columns[TIME])], periods, strict=True
        ):
            part = {name: values[start:stop] for name, values in columns.items()}
            path = self.folder / f"{period}.parquet"
            merge = _Merge(facts, part, is_last=latest is None or path >= latest)
            merge.beside(self._neighbours(path, facts.series, part[TIME]))
            if path.exists():
                merge.onto(*read_series_part(path))
            if merge.counts.added or merge.counts.completed or merge.is_changed:
                write_series_part(path, merge.facts, merge.columns)
            self._keep_apart(merge.apart, origin)
            counts = counts.plus(merge.counts)
        return counts

    def _neighbours(self, path: Path, name: SeriesName, opens: NDArray[np.int64]) -> list[Columns]:
        # The files before and after: bars off the grid may reach over the border.
        if name.kind is SeriesKind.FUNDING or (open_times(opens, name.timeframe) == opens).all():
            return []
        paths = self.paths()
        near = [one for one in paths if one < path][-1:] + [one for one in paths if one > path][:1]
        return [read_series_part(one)[1] for one in near]

    def keep_apart(self, rows: list[ApartRow]) -> None:
        """Write down rows that cannot be in the series; those that are there already stay once."""
        if not rows:
            return
        path = self.folder / APART
        lines = path.read_bytes().splitlines() if path.exists() else []
        known = set(lines)
        fresh = [line for line in map(msgspec.json.encode, rows) if line not in known]
        if fresh:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, [line + b"\n" for line in [*lines, *dict.fromkeys(fresh)]])

    def apart(self) -> list[ApartRow]:
        """The rows that were kept apart."""
        path = self.folder / APART
        if not path.exists():
            return []
        return [msgspec.json.decode(line, type=ApartRow) for line in path.read_bytes().splitlines()]

    def _keep_apart(self, rows: list[ApartRow], origin: str) -> None:
        self.keep_apart([msgspec.structs.replace(row, origin=origin) for row in rows])

    def _latest_path(self) -> Path | None:
        paths = self.paths()
        return paths[-1] if paths else None


class _Merge:
    """Incoming rows of one period, laid onto the rows that are there."""

    def __init__(self, facts: SeriesFacts, columns: Columns, *, is_last: bool) -> None:
        self.facts = facts
        self.columns = columns
        self.counts = AddedRows(added=len(columns[TIME]))
        self.apart: list[ApartRow] = []
        self.is_changed = False
        self._is_last = is_last

    def beside(self, neighbours: list[Columns]) -> None:
        """Leave out rows that overlap with those of the files beside this one."""
        for other in neighbours:
            fresh = np.ones(len(self.columns[TIME]), bool)
            inside = self._overlapping(other, self.columns, fresh)
            self.columns = {name: values[~inside] for name, values in self.columns.items()}
        self.counts.added = len(self.columns[TIME])

    def onto(self, old_facts: SeriesFacts, old: Columns) -> None:
        """Merge with the rows of the file that is there."""
        old, new = self._in_one_step(old_facts, old)
        key = _minutes if self.facts.series.kind is SeriesKind.FUNDING else _as_is
        old_keys, new_keys = key(old[TIME]), key(new[TIME])
        places = np.searchsorted(old_keys, new_keys)
        inside = np.minimum(places, len(old_keys) - 1)
        met = (old_keys[inside] == new_keys) if len(old_keys) else np.zeros(len(new_keys), bool)
        differs = np.zeros(len(new_keys), bool)
        for name in column_names(self.facts.series.kind)[1:]:
            told = np.ones(len(new_keys), bool)
            if name in OPTIONAL:
                old = self._fill(old, name, inside[met], new[name][met])
                told = (old[name][inside] != UNKNOWN) & (new[name] != UNKNOWN)
            differs |= met & told & (old[name][inside] != new[name])
        self._settle(old, new, inside, differs)
        fresh = ~met & ~self._overlapping(old, new, ~met)
        self.counts = AddedRows(
            added=int(fresh.sum()),
            equal=int((met & ~differs).sum()),
            completed=self.counts.completed,
            conflicting=self.counts.conflicting,
        )
        both = {name: np.concatenate((old[name], new[name][fresh])) for name in old}
        order = np.argsort(both[TIME], kind="stable")
        self.columns = {name: values[order] for name, values in both.items()}

    def _fill(
        self, old: Columns, name: str, places: NDArray[np.int64], values: NDArray[np.int64]
    ) -> Columns:
        # What the first source did not tell, the second may.
        lacking = (old[name][places] == UNKNOWN) & (values != UNKNOWN)
        if not lacking.any():
            return old
        filled = old[name].copy()
        filled[places[lacking]] = values[lacking]
        self.is_changed = True
        return {**old, name: filled}

    def _in_one_step(self, old_facts: SeriesFacts, old: Columns) -> tuple[Columns, Columns]:
        # Files keep the finest steps of what is in them; other facts are those that came first.
        new, facts = self.columns, self.facts
        before, came = old_facts.instrument, facts.instrument
        if facts.series.kind is not SeriesKind.FUNDING:
            both = joined([candles_of(old_facts, old), candles_of(facts, new)])
            count = len(old[TIME])
            old, new = both.part(slice(0, count)).columns, both.part(slice(count, None)).columns
            before = _with_steps(before, both.price_step, both.qty_step)
            came = _with_steps(came, both.price_step, both.qty_step)
        told = came if facts.steps_from == "venue" else before
        steps_from = "venue" if "venue" in (facts.steps_from, old_facts.steps_from) else "inferred"
        self.is_changed = told != old_facts.instrument
        self.facts = msgspec.structs.replace(old_facts, instrument=told, steps_from=steps_from)
        return old, new

    def _overlapping(
        self, old: Columns, new: Columns, fresh: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        name = self.facts.series
        if name.kind is SeriesKind.FUNDING or not len(old[TIME]):
            return np.zeros(len(fresh), bool)
        opens, closes = old[TIME], close_times(old[TIME], name.timeframe)
        begins, ends = new[TIME], close_times(new[TIME], name.timeframe)
        after = np.searchsorted(opens, begins, "right")
        inside = (after > 0) & (closes[np.maximum(after - 1, 0)] > begins)
        inside |= (after < len(opens)) & (opens[np.minimum(after, len(opens) - 1)] < ends)
        inside &= fresh
        for row in np.flatnonzero(inside).tolist():
            self.apart.append(self._row("overlapping", new, row))
        self.counts.conflicting += int(inside.sum())
        return inside

    def _settle(
        self, old: Columns, new: Columns, inside: NDArray[np.int64], differs: NDArray[np.bool_]
    ) -> None:
        for row in np.flatnonzero(differs).tolist():
            place = int(inside[row])
            is_end = self._is_last and place == len(old[TIME]) - 1
            if is_end and self._completes(old, place, new, row):
                self.apart.append(self._row("unfinished", old, place))
                for name, values in old.items():
                    old[name] = values.copy()
                    old[name][place] = new[name][row]
                self.counts.completed += 1
            else:
                self.apart.append(self._row("conflict", new, row))
                self.counts.conflicting += 1

    def _completes(self, old: Columns, place: int, new: Columns, row: int) -> bool:
        if self.facts.series.kind is SeriesKind.FUNDING:
            return False
        return bool(
            old["open"][place] == new["open"][row]
            and old["high"][place] <= new["high"][row]
            and old["low"][place] >= new["low"][row]
            and old["volume"][place] <= new["volume"][row]
        )

    def _row(self, reason: str, columns: Columns, row: int) -> ApartRow:
        instrument = self.facts.instrument
        values: dict[str, float | None] = {}
        for name in column_names(self.facts.series.kind)[1:]:
            step = Step(1, 0)
            if name in ("open", "high", "low", "close"):
                step = instrument.price_step
            elif name in ("volume", "bought"):
                step = instrument.qty_step
            values[name] = float(floats_of(columns[name][row : row + 1], step)[0])
        return ApartRow(reason, int(columns[TIME][row]), values)


def candles_of(facts: SeriesFacts, columns: Columns) -> Candles:
    """The candles of a file."""
    instrument = facts.instrument
    name = facts.series.timeframe
    return Candles(name, instrument.price_step, instrument.qty_step, columns)


def _with_steps(instrument: Instrument, price_step: Step, qty_step: Step) -> Instrument:
    return msgspec.structs.replace(instrument, price_step=price_step, qty_step=qty_step)


def _as_is(times_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    return times_ns


def _minutes(times_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    minutes: NDArray[np.int64] = (times_ns + _MINUTE_NS // 2) // _MINUTE_NS
    return minutes
