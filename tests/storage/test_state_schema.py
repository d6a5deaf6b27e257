import sqlite3

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.storage import state_schema
from undertow.storage.state_schema import MIGRATIONS, migrate


@pytest.fixture
def connection() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def _tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows}


def test_migrating_twice_changes_nothing(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = list(connection.iterdump())
    migrate(connection)
    assert list(connection.iterdump()) == before
    assert {
        "orders", "fills", "positions", "ledger_entries", "trades", "decisions", "signals", "runs",
        "kv", "migrations",
    } <= _tables(connection)  # fmt: skip


def test_only_the_missing_versions_are_applied(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(connection)
    more = (*MIGRATIONS, ("a note", "ALTER TABLE kv ADD COLUMN note TEXT"))
    monkeypatch.setattr(state_schema, "MIGRATIONS", more)
    migrate(connection)
    rows = connection.execute("SELECT version, name FROM migrations ORDER BY version").fetchall()
    assert rows == [(1, "first tables"), (2, "a note")]
    connection.execute("SELECT note FROM kv")


def test_a_newer_file_is_refused(connection: sqlite3.Connection) -> None:
    migrate(connection)
    connection.execute("INSERT INTO migrations VALUES (99, 'from the future')")
    with pytest.raises(ConfigurationError, match="schema 1 or older, found 99"):
        migrate(connection)
