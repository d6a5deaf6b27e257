"""What venues say of their instruments, kept in a catalog: `instruments.json` in its root.

Data alone shows the decimals of prices, not the smallest order or the greatest leverage. Where a
venue's list of instruments was imported or downloaded, an instrument is opened as the venue has it;
where its data is finer than its present tick, in the finer one, because old rules were others.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument
from undertow.storage.atomic_file import write_atomically
from undertow.storage.catalog.decimal_steps import finest_step
from undertow.storage.disk_refusal import refusals

FILE = "instruments.json"


class InstrumentFacts:
    """The lists of one catalog, by instrument id; a newer list replaces what it names."""

    def __init__(self, catalog: Path) -> None:
        self._path = catalog / FILE
        self._known: dict[str, Instrument] = {}
        if self._path.exists():
            try:
                self._known = msgspec.json.decode(
                    self._path.read_bytes(), type=dict[str, Instrument]
                )
            except msgspec.DecodeError as error:
                raise DataError(f"{self._path}: expected instruments, found {error}") from error

    def __len__(self) -> int:
        return len(self._known)

    def put(self, instruments: Iterable[Instrument]) -> int:
        """Keep a venue's list; how many were new or changed."""
        changed = 0
        for one in instruments:
            changed += self._known.get(one.instrument_id) != one
            self._known[one.instrument_id] = one
        if changed:
            with refusals("create the folder", self._path.parent):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, [msgspec.json.format(msgspec.json.encode(self._known))])
        return changed

    def find(self, instrument_id: str) -> Instrument | None:
        """The instrument as its venue has it; None when no list names it."""
        return self._known.get(instrument_id)

    def completed(self, found: Instrument) -> Instrument:
        """An instrument of data as its venue has it, in steps that the data can be counted in."""
        known = self._known.get(found.instrument_id)
        if known is None:
            return found
        return msgspec.structs.replace(
            known,
            price_step=finest_step([known.price_step, found.price_step]),
            qty_step=finest_step([known.qty_step, found.qty_step]),
        )
