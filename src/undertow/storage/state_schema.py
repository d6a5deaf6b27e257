"""The tables of the state database, as a list of migrations that only grows.

Money and prices are exact decimal texts with their currency beside them; times are nanoseconds;
lists are JSON. Everything is derived from the journal: deleting the file loses nothing.
"""

import sqlite3

from undertow.domain.errors import ConfigurationError

_FIRST = """
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL);
INSERT INTO progress VALUES (1, 0);
CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    run INTEGER PRIMARY KEY, started_ns INTEGER NOT NULL, mode TEXT NOT NULL,
    version TEXT NOT NULL, seed TEXT NOT NULL, config_digest TEXT NOT NULL, config TEXT NOT NULL,
    sources TEXT NOT NULL, strategies TEXT NOT NULL, sequence INTEGER NOT NULL,
    ended_ns INTEGER, end_reason TEXT, state_hash TEXT, counters TEXT
);
CREATE TABLE instruments (instrument_id TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE orders (
    client_order_id TEXT PRIMARY KEY, venue TEXT NOT NULL, venue_order_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL, strategy TEXT NOT NULL, side INTEGER NOT NULL,
    purpose TEXT NOT NULL, is_reduce_only INTEGER NOT NULL, kind TEXT NOT NULL,
    price TEXT NOT NULL, trigger_price TEXT NOT NULL, qty TEXT NOT NULL, qty_lots INTEGER NOT NULL,
    filled_lots INTEGER NOT NULL, filled_cost TEXT NOT NULL, average_price TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL, decision_id TEXT NOT NULL,
    created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL, sequence INTEGER NOT NULL
);
CREATE INDEX orders_by_decision ON orders (decision_id);
CREATE TABLE fills (
    venue TEXT NOT NULL, fill_id TEXT NOT NULL, client_order_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL, strategy TEXT NOT NULL, side INTEGER NOT NULL,
    price TEXT NOT NULL, qty TEXT NOT NULL, liquidity TEXT NOT NULL,
    fee TEXT NOT NULL, fee_currency TEXT NOT NULL, event_time_ns INTEGER NOT NULL,
    sequence INTEGER NOT NULL, PRIMARY KEY (venue, instrument_id, fill_id)
);
CREATE INDEX fills_by_order ON fills (client_order_id);
CREATE TABLE holdings (
    strategy TEXT NOT NULL, instrument_id TEXT NOT NULL, signed_lots INTEGER NOT NULL,
    PRIMARY KEY (strategy, instrument_id)
) WITHOUT ROWID;
CREATE TABLE positions (
    position_id TEXT PRIMARY KEY, strategy TEXT NOT NULL, instrument_id TEXT NOT NULL,
    side INTEGER NOT NULL, entry_price TEXT NOT NULL, first_qty TEXT NOT NULL,
    stop_price TEXT NOT NULL, opened_ns INTEGER NOT NULL, closed_ns INTEGER,
    decision_id TEXT NOT NULL, sequence INTEGER NOT NULL
);
CREATE INDEX positions_open ON positions (strategy, instrument_id) WHERE closed_ns IS NULL;
CREATE TABLE trades (
    trade_id TEXT PRIMARY KEY, strategy TEXT NOT NULL, instrument_id TEXT NOT NULL,
    side INTEGER NOT NULL, entry_ns INTEGER NOT NULL, exit_ns INTEGER NOT NULL,
    entry_price TEXT NOT NULL, exit_price TEXT NOT NULL, qty TEXT NOT NULL,
    pnl TEXT NOT NULL, currency TEXT NOT NULL, pnl_percent REAL NOT NULL,
    fees TEXT NOT NULL, funding TEXT NOT NULL, duration_hours REAL NOT NULL,
    exit_reason TEXT NOT NULL, entry_decision_id TEXT NOT NULL, exit_decision_id TEXT NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX trades_by_time ON trades (exit_ns, sequence);
CREATE TABLE decisions (
    decision_id TEXT PRIMARY KEY, at_ns INTEGER NOT NULL, strategy TEXT NOT NULL,
    instrument_id TEXT NOT NULL, outcome TEXT NOT NULL, side INTEGER NOT NULL,
    score REAL, signal TEXT NOT NULL, reason TEXT NOT NULL, indicators TEXT NOT NULL,
    verdicts TEXT NOT NULL, risk_checks TEXT NOT NULL, action_taken TEXT NOT NULL,
    order_id TEXT NOT NULL, fill_price TEXT NOT NULL, portfolio TEXT NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX decisions_by_time ON decisions (at_ns, sequence);
CREATE TABLE signals (
    decision_id TEXT PRIMARY KEY, at_ns INTEGER NOT NULL, strategy TEXT NOT NULL,
    instrument_id TEXT NOT NULL, action TEXT NOT NULL, side INTEGER NOT NULL, reason TEXT NOT NULL,
    confidence REAL NOT NULL, score REAL NOT NULL, entry_price TEXT NOT NULL,
    stop_price TEXT NOT NULL, take_profit_price TEXT NOT NULL, status TEXT NOT NULL,
    refusal TEXT NOT NULL, sequence INTEGER NOT NULL
);
CREATE TABLE ledger_entries (
    sequence INTEGER NOT NULL, line INTEGER NOT NULL, at_ns INTEGER NOT NULL, kind TEXT NOT NULL,
    owner TEXT NOT NULL, instrument_id TEXT NOT NULL, amount TEXT NOT NULL,
    currency TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (sequence, line)
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (("first tables", _FIRST),)
"""Name and statements of each schema version, from 1; a released one is never changed."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to the newest schema, one transaction for each version.

    Raises `ConfigurationError` when the file was written by a newer program.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)"
    )
    (found,) = connection.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()
    if found > len(MIGRATIONS):
        raise ConfigurationError(
            f"expected a state database of schema {len(MIGRATIONS)} or older, found {found}: "
            "it was written by a newer version of this program"
        )
    for version, (name, statements) in enumerate(MIGRATIONS, 1):
        if version > found:
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT INTO migrations VALUES (?, ?)", (version, name))
            connection.execute("COMMIT")
