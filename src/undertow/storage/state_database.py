"""The state database: what was ordered, filled, held, traded and decided, for people and reports.

SQLite in WAL mode with synchronous NORMAL: after a crash the last transactions may be missing, and
then the journal gives them again. Each batch of records is one transaction that also notes how far
the journal was applied, so applying a record twice changes nothing. Paper and live have a file
each. Decisions and trades are never deleted (OBS-05).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from undertow.domain.errors import DataError
from undertow.storage.database_errors import database_errors
from undertow.storage.disk_refusal import refusals
from undertow.storage.journal_reader import JournalReader
from undertow.storage.state_projection import PROJECTED_KINDS, StateProjection
from undertow.storage.state_queries import StateQueries
from undertow.storage.state_schema import migrate
from undertow.timeline.journal_record import JournalRecord

BATCH_RECORDS = 2_000


class StateDatabase:
    """One writer; any number of readers may open the file with `is_read_only`.

    Belongs to the thread that made it. `queries` answers questions.
    """

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        self._path = path
        if is_read_only and not path.is_file():
            raise DataError(f"expected a state database, found nothing at {path}")
        with database_errors(self._path):
            self._connection = _connect(path, is_read_only=is_read_only)
        self._projection = StateProjection(self._connection)
        self.queries = StateQueries(self._connection, path)

    @property
    def applied_sequence(self) -> int:
        """The last journal frame that the tables contain."""
        with database_errors(self._path):
            row = self._connection.execute("SELECT sequence FROM progress").fetchone()
        return int(row[0])

    def apply(self, records: Iterable[JournalRecord]) -> int:
        """Apply records in the order of their sequence; how many were new.

        Records up to `applied_sequence` are passed over. When it raises, the batches before are
        applied and the failed one is not.
        """
        count = 0
        each = iter(records)
        while batch := list(islice(each, BATCH_RECORDS)):
            count += self._apply_batch(batch)
        return count

    def catch_up(self, journal: Path) -> int:
        """Apply what a journal holds beyond `applied_sequence`; how many records that was."""
        reader = JournalReader(journal)
        return self.apply(reader.records(self.applied_sequence, PROJECTED_KINDS))

    def put(self, key: str, value: bytes) -> None:
        """Remember a value by its key, in a transaction of its own."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, value))

    def get(self, key: str) -> bytes | None:
        """The value of a key, None when there is none."""
        with database_errors(self._path):
            row = self._connection.execute("SELECT value FROM kv WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        """Close the file; it may be deleted and made again from the journal."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _apply_batch(self, batch: list[JournalRecord]) -> int:
        with self._transaction():
            applied = self.applied_sequence
            new = [record for record in batch if record.sequence > applied]
            for record in new:
                if record.sequence <= applied:
                    raise DataError(f"expected records in order, found {record.sequence} late")
                self._projection.apply(record)
                applied = record.sequence
            self._connection.execute("UPDATE progress SET sequence = ?", (applied,))
        return len(new)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with database_errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._projection.instruments.forget()
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _connect(path: Path, *, is_read_only: bool) -> sqlite3.Connection:
    if is_read_only:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5)
    with refusals("create the folder of", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection
