"""Every try is counted: the append-only record of backtests and of every trial of every search.

SQLite in WAL mode, so that many processes may add at once. Rows can be neither changed nor deleted
(triggers refuse), and each carries the digest of the row before it, so that a ledger that was
edited with other tools is found out by `verify`. What was found by looking often is worth less:
`backtest.deflation` uses these rows to say how much.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.storage.database_errors import database_errors
from undertow.storage.disk_refusal import refusals

_FIRST = b"\x00" * 16
_DIGEST_SIZE = 16
_WAIT_S = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trials (
    sequence INTEGER PRIMARY KEY,
    at_ns INTEGER NOT NULL,
    family TEXT NOT NULL,
    market TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    stop_ns INTEGER NOT NULL,
    identity BLOB NOT NULL,
    body BLOB NOT NULL,
    returns BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS trials_family ON trials (family, market);
CREATE TRIGGER IF NOT EXISTS trials_keep BEFORE DELETE ON trials
BEGIN SELECT RAISE(ABORT, 'trials are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS trials_stand BEFORE UPDATE ON trials
BEGIN SELECT RAISE(ABORT, 'trials are never changed'); END;
"""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One try of one strategy on one stretch of data.

    kind: backtest, search, walk_forward, ... family: the strategy's name, whatever its parameters
    and label: tries of one idea count together. market: instruments and timeframe, as text.
    returns: of marked equity, one for each UTC day from `first_day` (days since 1970) on, shape
    (n,). settings_digest: everything else that the result depends on, fills and fees for example.
    """

    kind: str
    family: str
    market: str
    parameters: Mapping[str, Any]
    settings_digest: str
    data_digest: str
    start_ns: int
    stop_ns: int
    first_day: int
    returns: NDArray[np.float64]
    run_name: str = ""

    @property
    def identity(self) -> bytes:
        """Equal for the same try made again: it is written down, but is no further look."""
        parts = (
            self.family,
            self.market,
            sorted(self.parameters.items()),
            self.settings_digest,
            self.data_digest,
            self.start_ns,
            self.stop_ns,
        )
        return hashlib.blake2b(msgspec.json.encode(parts), digest_size=_DIGEST_SIZE).digest()


class TrialRow(msgspec.Struct, frozen=True):
    """A trial as it stands in the ledger; `sequence` counts from 1."""

    sequence: int
    at_ns: int
    trial: Trial


class _Body(msgspec.Struct, frozen=True):
    """The columns that nothing is sought by."""

    kind: str
    parameters: dict[str, Any]
    settings_digest: str
    data_digest: str
    first_day: int
    run_name: str


def market_name(instruments: Iterable[str], timeframe: str) -> str:
    """Instruments and timeframe as one text, the same in whatever order they are given."""
    return f"{','.join(sorted(instruments))} {timeframe}"


class TrialLedger:
    """One file; any number of processes may add to it. Belongs to the thread that opened it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with refusals("create the folder of", path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._errors():
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_S)
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.executescript(_SCHEMA)
            except BaseException:
                self._connection.close()
                raise

    def add(self, trials: Sequence[Trial], at_ns: int) -> int:
        """Write trials down, all or none; the sequence of the last one."""
        with self._transaction():
            row = self._connection.execute(
                "SELECT sequence, chain FROM trials ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
            sequence, chain = (int(row[0]), bytes(row[1])) if row else (0, _FIRST)
            for trial in trials:
                sequence += 1
                values = _values(sequence, at_ns, trial)
                chain = _link(chain, values)
                self._connection.execute(
                    "INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, chain)
                )
        return sequence

    def count(self) -> int:
        """How many tries there are, of everything."""
        with self._errors():
            row = self._connection.execute("SELECT count(*) FROM trials").fetchone()
        return int(row[0])

    def rows(self, family: str, market: str, span_ns: tuple[int, int]) -> list[TrialRow]:
        """The tries of a family on a market whose data overlaps a stretch of time, oldest first."""
        with self._errors():
            found = self._connection.execute(
                "SELECT sequence, at_ns, family, market, start_ns, stop_ns, identity, body, returns"
                " FROM trials WHERE family = ? AND market = ? AND start_ns < ? AND stop_ns > ?"
                " ORDER BY sequence",
                (family, market, span_ns[1], span_ns[0]),
            ).fetchall()
        return [_row(values) for values in found]

    def families(self) -> list[tuple[str, str, int]]:
        """Family, market and number of tries, the most tried first."""
        with self._errors():
            found = self._connection.execute(
                "SELECT family, market, count(*) AS tries FROM trials GROUP BY family, market"
                " ORDER BY tries DESC, family, market"
            ).fetchall()
        return [(str(family), str(market), int(tries)) for family, market, tries in found]

    def verify(self) -> int:
        """How many rows there are; raises `DataError` at the first that is not what was written."""
        chain, expected = _FIRST, 0
        with self._errors():
            cursor = self._connection.execute("SELECT * FROM trials ORDER BY sequence")
            for row in cursor:
                expected += 1
                chain = _link(chain, tuple(row[:-1]))
                if row[0] != expected or bytes(row[-1]) != chain:
                    raise DataError(
                        f"expected trial {expected} of {self._path} as it was written, found it "
                        "changed, moved or missing"
                    )
        return expected

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

    def _errors(self) -> AbstractContextManager[None]:
        return database_errors(
            self._path, "trial ledger", "put a copy of it back, or begin a new one beside it"
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


_Values = tuple[Any, ...]


def _values(sequence: int, at_ns: int, trial: Trial) -> _Values:
    body = _Body(
        trial.kind,
        dict(trial.parameters),
        trial.settings_digest,
        trial.data_digest,
        trial.first_day,
        trial.run_name,
    )
    returns = np.ascontiguousarray(trial.returns, np.float64)
    if returns.ndim != 1 or not np.isfinite(returns).all():
        raise DataError(f"expected finite daily returns of shape (n,), found {returns!r}")
    return (
        sequence,
        at_ns,
        trial.family,
        trial.market,
        trial.start_ns,
        trial.stop_ns,
        trial.identity,
        msgspec.json.encode(body),
        returns.astype("<f8").tobytes(),
    )


def _link(before: bytes, values: _Values) -> bytes:
    digest = hashlib.blake2b(before, digest_size=_DIGEST_SIZE)
    for value in values:
        part = value if isinstance(value, bytes) else str(value).encode()
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def _row(values: _Values) -> TrialRow:
    sequence, at_ns, family, market, start_ns, stop_ns, _, body, returns = values
    plain = msgspec.json.decode(body, type=_Body)
    trial = Trial(
        kind=plain.kind,
        family=family,
        market=market,
        parameters=plain.parameters,
        settings_digest=plain.settings_digest,
        data_digest=plain.data_digest,
        start_ns=start_ns,
        stop_ns=stop_ns,
        first_day=plain.first_day,
        returns=np.frombuffer(returns, "<f8").astype(np.float64),
        run_name=plain.run_name,
    )
    return TrialRow(sequence, at_ns, trial)
