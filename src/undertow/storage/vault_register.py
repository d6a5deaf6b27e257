"""Which last parts of the data are sealed, and every time one was opened.

Data that was looked at while a strategy was made cannot judge it any more. A vault is a stretch at
the end of a market's data that no run sees; it is opened once, at the end, and that is written down
for good. Rows can be neither changed nor deleted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from undertow.domain.errors import CallerError
from undertow.storage.database_errors import database_errors
from undertow.storage.disk_refusal import refusals

_WAIT_S = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vaults (
    vault INTEGER PRIMARY KEY,
    market TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    stop_ns INTEGER NOT NULL,
    sealed_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS openings (
    opening INTEGER PRIMARY KEY,
    vault INTEGER NOT NULL REFERENCES vaults,
    at_ns INTEGER NOT NULL,
    family TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS vaults_keep BEFORE DELETE ON vaults
BEGIN SELECT RAISE(ABORT, 'vaults are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS vaults_stand BEFORE UPDATE ON vaults
BEGIN SELECT RAISE(ABORT, 'vaults are never changed'); END;
CREATE TRIGGER IF NOT EXISTS openings_keep BEFORE DELETE ON openings
BEGIN SELECT RAISE(ABORT, 'openings are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS openings_stand BEFORE UPDATE ON openings
BEGIN SELECT RAISE(ABORT, 'openings are never changed'); END;
"""


class Opening(msgspec.Struct, frozen=True):
    """One look inside: when, by which strategy family, and why."""

    at_ns: int
    family: str
    reason: str


class Vault(msgspec.Struct, frozen=True):
    """A sealed stretch [start_ns, stop_ns) of a market's data, and who has looked inside."""

    vault: int
    market: str
    start_ns: int
    stop_ns: int
    sealed_ns: int
    openings: tuple[Opening, ...] = ()

    @property
    def is_sealed(self) -> bool:
        """True while nobody has looked."""
        return not self.openings


class VaultRegister:
    """One file; belongs to the thread that opened it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with refusals("create the folder of", path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._errors():
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_S)
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.executescript(_SCHEMA)
            except BaseException:
                self._connection.close()
                raise

    def seal(self, market: str, start_ns: int, stop_ns: int, at_ns: int) -> Vault:
        """Seal a stretch of a market's data.

        Raises `CallerError` for an empty stretch, and for one that overlaps a vault of the same
        market: what was sealed stays as it was sealed.
        """
        if not start_ns < stop_ns:
            raise CallerError(f"expected a stretch with start < stop, found {start_ns}..{stop_ns}")
        with self._transaction():
            for known in self.vaults(market):
                if start_ns < known.stop_ns and known.start_ns < stop_ns:
                    raise CallerError(
                        f"expected data of {market} that is not sealed, found vault {known.vault} "
                        f"from {known.start_ns} to {known.stop_ns}"
                    )
            cursor = self._connection.execute(
                "INSERT INTO vaults (market, start_ns, stop_ns, sealed_ns) VALUES (?, ?, ?, ?)",
                (market, start_ns, stop_ns, at_ns),
            )
        return Vault(int(cursor.lastrowid or 0), market, start_ns, stop_ns, at_ns)

    def open(self, vault: int, family: str, reason: str, at_ns: int) -> Vault:
        """Write down a look inside; the vault with all its openings, this one last.

        A second look is not refused, because it cannot be prevented, but whoever asks is told how
        many there were: the result is out of sample the first time only.
        """
        with self._transaction():
            self._connection.execute(
                "INSERT INTO openings (vault, at_ns, family, reason) VALUES (?, ?, ?, ?)",
                (vault, at_ns, family, reason),
            )
        return next(known for known in self.vaults() if known.vault == vault)

    def vaults(self, market: str = "") -> list[Vault]:
        """The vaults of a market, or all, by their start."""
        with self._errors():
            found = self._connection.execute(
                "SELECT vault, market, start_ns, stop_ns, sealed_ns FROM vaults"
                " WHERE ? IN ('', market) ORDER BY start_ns, vault",
                (market,),
            ).fetchall()
            looks = self._connection.execute(
                "SELECT vault, at_ns, family, reason FROM openings ORDER BY opening"
            ).fetchall()
        by_vault: dict[int, list[Opening]] = {}
        for number, *look in looks:
            by_vault.setdefault(number, []).append(Opening(*look))
        return [
            Vault(number, name, start_ns, stop_ns, sealed_ns, tuple(by_vault.get(number, ())))
            for number, name, start_ns, stop_ns, sealed_ns in found
        ]

    def close(self) -> None:
        """Close the file."""
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

    @contextmanager
    def _errors(self) -> Iterator[None]:
        remedy = "put a copy of it back: without it nobody knows what was sealed"
        with database_errors(self._path, "register of vaults", remedy):
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._errors():
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
