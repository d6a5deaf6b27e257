"""The instruments of every run so far, as the state database keeps them."""

import sqlite3
from collections.abc import Iterable

import msgspec

from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument


class InstrumentRows:
    """Reads and writes the table `instruments`; a later run's numbers replace an earlier's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, Instrument] = {}

    def put(self, instruments: Iterable[Instrument]) -> None:
        """Take over a run's table."""
        for one in instruments:
            self._known[one.instrument_id] = one
            self._connection.execute(
                "INSERT OR REPLACE INTO instruments VALUES (?, ?)",
                (one.instrument_id, msgspec.msgpack.encode(one)),
            )

    def find(self, instrument_id: str) -> Instrument | None:
        """An instrument, None when no run has named it."""
        known = self._known.get(instrument_id)
        if known is None:
            row = self._connection.execute(
                "SELECT data FROM instruments WHERE instrument_id = ?", (instrument_id,)
            ).fetchone()
            if row is None:
                return None
            known = self._known[instrument_id] = msgspec.msgpack.decode(row[0], type=Instrument)
        return known

    def get(self, instrument_id: str) -> Instrument:
        """An instrument; raises `DataError` when no run has named it."""
        found = self.find(instrument_id)
        if found is None:
            raise DataError(
                f"expected an instrument of a journaled run, found {instrument_id!r}: "
                "give the state database the RUN_STARTED frames too"
            )
        return found

    def forget(self) -> None:
        """Drop what was read, after a transaction was undone."""
        self._known.clear()
