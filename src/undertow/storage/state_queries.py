"""Questions to the state database, answered as plain rows, newest first."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from undertow.domain.money import Money
from undertow.storage.database_errors import database_errors
from undertow.storage.instrument_rows import InstrumentRows

Row = TypeVar("Row", bound=msgspec.Struct)


class Only(msgspec.Struct, frozen=True):
    """Which rows are asked for. Empty texts ask for all; times are of the row's end (trades) or
    instant (decisions), from `since_ns` up to but not including `until_ns`.
    """

    instrument_id: str = ""
    strategy: str = ""
    since_ns: int = 0
    until_ns: int = (1 << 63) - 1
    limit: int = 100


EVERYTHING = Only()


class TradeRow(msgspec.Struct, frozen=True):
    """A closed position (POS-11). `pnl` is after fees and funding, all in `currency`."""

    trade_id: str
    strategy: str
    instrument_id: str
    side: int
    entry_ns: int
    exit_ns: int
    entry_price: str
    exit_price: str
    qty: str
    pnl: str
    currency: str
    pnl_percent: float
    fees: str
    funding: str
    duration_hours: float
    exit_reason: str
    entry_decision_id: str
    exit_decision_id: str

    @property
    def profit(self) -> Money:
        """The exact profit."""
        return Money.of(self.pnl, self.currency)


class DecisionRow(msgspec.Struct, frozen=True):
    """A decision and what became of it (POS-12).

    `signal`, `indicators`, `verdicts`, `risk_checks` and `portfolio` are JSON; `signal` and
    `risk_checks` are empty where it came to none. action_taken: EXECUTED, REJECTED, HELD, or
    PENDING while risk and execution have not spoken.
    """

    decision_id: str
    at_ns: int
    strategy: str
    instrument_id: str
    outcome: str
    side: int
    score: float | None
    signal: str
    reason: str
    indicators: str
    verdicts: str
    risk_checks: str
    action_taken: str
    order_id: str
    fill_price: str
    portfolio: str


class SignalRow(msgspec.Struct, frozen=True):
    """A signal and what became of it; prices are empty where it named none."""

    decision_id: str
    at_ns: int
    strategy: str
    instrument_id: str
    action: str
    side: int
    reason: str
    confidence: float
    score: float
    entry_price: str
    stop_price: str
    take_profit_price: str
    status: str
    refusal: str


class PositionRow(msgspec.Struct, frozen=True):
    """An open position; `qty` is what the fills so far sum up to, negative when short."""

    position_id: str
    strategy: str
    instrument_id: str
    side: int
    entry_price: str
    qty: str
    stop_price: str
    opened_ns: int
    decision_id: str


class OrderRow(msgspec.Struct, frozen=True):
    """An order as far as commands and reports tell."""

    client_order_id: str
    venue: str
    venue_order_id: str
    instrument_id: str
    strategy: str
    side: int
    purpose: str
    kind: str
    price: str
    trigger_price: str
    qty: str
    qty_lots: int
    filled_lots: int
    average_price: str
    state: str
    reason: str
    decision_id: str
    created_ns: int
    updated_ns: int


class FillRow(msgspec.Struct, frozen=True):
    """One execution; `fee` is positive when paid."""

    venue: str
    fill_id: str
    client_order_id: str
    instrument_id: str
    strategy: str
    side: int
    price: str
    qty: str
    liquidity: str
    fee: str
    fee_currency: str
    event_time_ns: int


class RunRow(msgspec.Struct, frozen=True):
    """A run; `ended_ns` is None while it runs or when it was cut off."""

    run: int
    started_ns: int
    mode: str
    version: str
    seed: str
    config_digest: str
    ended_ns: int | None
    end_reason: str | None
    state_hash: str | None


class LedgerRow(msgspec.Struct, frozen=True):
    """One line of the cash book; the lines of a sequence sum to zero in each currency."""

    sequence: int
    line: int
    at_ns: int
    kind: str
    owner: str
    instrument_id: str
    amount: str
    currency: str
    reference: str


class StateQueries:
    """Reads only; each answer is one consistent look."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._instruments = InstrumentRows(connection)

    def trades(self, only: Only = EVERYTHING) -> list[TradeRow]:
        """Closed positions by the time they closed."""
        return self._rows(TradeRow, "trades", "exit_ns", only)

    def decisions(self, only: Only = EVERYTHING, action: str = "") -> list[DecisionRow]:
        """Decisions; with `action` only those it was taken on, e.g. "REJECTED"."""
        where = ("action_taken = ?", action) if action else None
        return self._rows(DecisionRow, "decisions", "at_ns", only, where)

    def decision(self, decision_id: str) -> DecisionRow | None:
        """One decision by its id."""
        rows = self._rows(
            DecisionRow, "decisions", "at_ns", EVERYTHING, ("decision_id = ?", decision_id)
        )
        return rows[0] if rows else None

    def signals(self, only: Only = EVERYTHING) -> list[SignalRow]:
        """Signals."""
        return self._rows(SignalRow, "signals", "at_ns", only)

    def positions(self) -> list[PositionRow]:
        """Open positions, oldest first."""
        rows = self._ask(
            "SELECT position_id, strategy, instrument_id, side, entry_price, "
            "coalesce(signed_lots, 0), stop_price, opened_ns, decision_id "
            "FROM positions LEFT JOIN holdings USING (strategy, instrument_id) "
            "WHERE closed_ns IS NULL ORDER BY positions.sequence",
            (),
        )
        return [
            PositionRow(
                position_id=row[0],
                strategy=row[1],
                instrument_id=row[2],
                side=row[3],
                entry_price=row[4],
                qty=self._instruments.get(row[2]).qty_text(row[5]),
                stop_price=row[6],
                opened_ns=row[7],
                decision_id=row[8],
            )
            for row in rows
        ]

    def orders(self, only: Only = EVERYTHING, *, is_open: bool = False) -> list[OrderRow]:
        """Orders by the time they were made; with `is_open` only those that are not over."""
        over = "state NOT IN ('FILLED', 'CANCELED', 'REJECTED', 'EXPIRED') AND 1 = ?"
        return self._rows(OrderRow, "orders", "created_ns", only, (over, 1) if is_open else None)

    def fills(self, only: Only = EVERYTHING, client_order_id: str = "") -> list[FillRow]:
        """Executions; with `client_order_id` only that order's."""
        where = ("client_order_id = ?", client_order_id) if client_order_id else None
        return self._rows(FillRow, "fills", "event_time_ns", only, where)

    def runs(self) -> list[RunRow]:
        """Every run, newest first."""
        return self._rows(RunRow, "runs", "started_ns", Only(limit=1 << 31))

    def ledger(self, only: Only = EVERYTHING) -> list[LedgerRow]:
        """The cash book; `strategy` names the owner of a line, which may be a venue."""
        return self._rows(LedgerRow, "ledger_entries", "at_ns", only)

    def _rows(
        self,
        kind: type[Row],
        table: str,
        time: str,
        only: Only,
        where: tuple[str, object] | None = None,
    ) -> list[Row]:
        # The names put into the statement are this file's own, never a caller's.
        conditions = [f"{time} >= ?", f"{time} < ?"]
        values: list[object] = [only.since_ns, only.until_ns]
        owner = "owner" if kind is LedgerRow else "strategy"
        for column, wanted in (("instrument_id", only.instrument_id), (owner, only.strategy)):
            if wanted:
                conditions.append(f"{column} = ?")
                values.append(wanted)
        if where is not None:
            conditions.append(where[0])
            values.append(where[1])
        columns = ", ".join(kind.__struct_fields__)
        rows = self._ask(
            f"SELECT {columns} FROM {table} WHERE {' AND '.join(conditions)} "  # noqa: S608  # own names
            f"ORDER BY {time} DESC, sequence DESC LIMIT ?",
            (*values, only.limit),
        )
        return [kind(*row) for row in rows]

    def _ask(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with database_errors(self._path):
            return self._connection.execute(statement, values).fetchall()
