"""A catalog folder: which series of which instruments it has.

Listing reads one small header a series, the newest file's. Nothing is cached between calls.
"""

from pathlib import Path

import msgspec

from undertow.domain.instrument import Instrument
from undertow.storage.catalog.decimal_steps import finest_step
from undertow.storage.catalog.series_name import SeriesKind, SeriesName, series_folder
from undertow.storage.catalog.series_part import SeriesFacts, read_series_facts
from undertow.storage.catalog.series_store import SeriesStore
from undertow.storage.catalog.timeframe_names import length_ns

CLASSES = ("crypto", "forex", "equity")


class StoredSeries(msgspec.Struct, frozen=True):
    """A series that is there: the facts of its newest file, and its folder."""

    facts: SeriesFacts
    folder: Path

    @property
    def instrument(self) -> Instrument:
        """The instrument, in the steps of the newest file."""
        return self.facts.instrument

    @property
    def name(self) -> SeriesName:
        """Kind and timeframe."""
        return self.facts.series

    @property
    def store(self) -> SeriesStore:
        """Its files."""
        return SeriesStore(self.folder)

    def in_finest_steps(self) -> Instrument:
        """The instrument in steps that every file of the series can be counted in."""
        found = [read_series_facts(path).instrument for path in self.store.paths()]
        return msgspec.structs.replace(
            found[-1],
            price_step=finest_step([one.price_step for one in found]),
            qty_step=finest_step([one.qty_step for one in found]),
        )


class Catalog:
    """A folder of market data; it need not exist until something is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def series(self) -> list[StoredSeries]:
        """Every series, by class, venue, market, symbol, kind and timeframe."""
        found: list[StoredSeries] = []
        for name in CLASSES:
            for folder in sorted((self.folder / name).glob("*/*/*/*")):
                if folder.is_dir() and SeriesName.of_folder(folder.name):
                    paths = SeriesStore(folder).paths()
                    if paths:
                        found.append(StoredSeries(read_series_facts(paths[-1]), folder))
        return found

    def find(self, instrument: Instrument, kind: SeriesKind) -> list[StoredSeries]:
        """The series of that kind of an instrument, the shortest timeframe first."""
        found = [
            one
            for one in self.series()
            if one.name.kind is kind and one.instrument.instrument_id == instrument.instrument_id
        ]
        return sorted(found, key=lambda one: length_ns(one.name.timeframe or "8h"))

    def store(self, instrument: Instrument, name: SeriesName) -> SeriesStore:
        """The store of a series, whether it is there or not."""
        return SeriesStore(series_folder(self.folder, instrument, name))

    @property
    def is_empty(self) -> bool:
        """True when there is no series in it."""
        return not self.series()
