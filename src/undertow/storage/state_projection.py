"""How each journal record changes the state database.

One record is applied once, in the order of its sequence; the same records give the same tables.
`ledger_entries` is the cash book: fees, funding and realised profit, each as two lines that sum to
zero (signs as in `ledger`: owned or spent is positive). The engine's full double entry, with entry
costs and coins, is part of its snapshots.
"""

import sqlite3

import msgspec

from undertow.domain.command import Command
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import (
    DecisionMade,
    ExecutionValidationFailed,
    OrderFailed,
    OrderPlaced,
    PositionClosed,
    PositionOpened,
    RiskJudged,
    SignalRejected,
    StopMoved,
    TradingSignalGenerated,
)
from undertow.domain.intent import Approved
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.instrument_rows import InstrumentRows
from undertow.storage.order_projection import OrderProjection
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, RunEnded, RunStarted

PROJECTED_KINDS = (
    FrameKind.RUN_STARTED,
    FrameKind.INPUT,
    FrameKind.COMMAND,
    FrameKind.EVENT,
    FrameKind.RUN_ENDED,
)
"""The kinds that change a table; reading only these saves unpacking market rows."""

PENDING = "PENDING"
EXECUTED = "EXECUTED"
REJECTED = "REJECTED"
HELD = "HELD"
_ACTING = {"enter": PENDING, "exit": PENDING, "tighten": EXECUTED}


class StateProjection:
    """Writes records into an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.instruments = InstrumentRows(connection)
        self._orders = OrderProjection(connection, self.instruments)

    def apply(self, record: JournalRecord) -> None:
        """Change the tables by one record; kinds that are not projected change nothing."""
        value, at_ns, sequence = record.value, record.time_ns, record.sequence
        match record.kind:
            case FrameKind.EVENT:
                self._on_event(record)
            case FrameKind.INPUT if isinstance(value, ReportReceived):
                self._orders.on_report(value.report, at_ns, sequence)
            case FrameKind.COMMAND if isinstance(value, Command):
                self._orders.on_command(value, at_ns, sequence)
            case FrameKind.RUN_STARTED if isinstance(value, RunStarted):
                self._start(value, sequence)
            case FrameKind.RUN_ENDED if isinstance(value, RunEnded):
                self._end(value)
            case _:
                return

    def _start(self, run: RunStarted, sequence: int) -> None:
        self.instruments.put(run.instruments)
        self._connection.execute(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, "
            "NULL)",
            (
                run.run, run.started_ns, run.mode, run.version, str(run.seed), run.config_digest,
                run.config, _json(run.sources), _json(run.strategies), sequence,
            ),
        )  # fmt: skip

    def _end(self, ended: RunEnded) -> None:
        self._connection.execute(
            "UPDATE runs SET ended_ns = ?, end_reason = ?, state_hash = ?, counters = ? "
            "WHERE run = (SELECT max(run) FROM runs)",
            (ended.at_ns, ended.reason, ended.state_hash, _json(ended.counters)),
        )

    def _on_event(self, record: JournalRecord) -> None:
        event = record.value
        match event:
            case DecisionMade():
                self._decide(event, record.sequence)
            case TradingSignalGenerated():
                self._signal(event, record.sequence)
            case RiskJudged():
                self._judge(event)
            case SignalRejected():
                self._refuse(event.decision_id, f"{event.code}: {event.reason}")
            case ExecutionValidationFailed():
                self._refuse(event.decision_id, f"{event.check}: {event.reason}")
            case OrderPlaced():
                self._place(event)
            case OrderFailed():
                self._fail(event)
            case _:
                self._on_position(record)

    def _on_position(self, record: JournalRecord) -> None:
        event = record.value
        match event:
            case PositionOpened():
                self._open(event, record.sequence)
            case PositionClosed():
                self._close(event, record.sequence)
            case StopMoved():
                self._connection.execute(
                    "UPDATE positions SET stop_price = ? WHERE position_id = ?",
                    (event.stop_price, event.position_id),
                )
            case _:
                return

    def _decide(self, event: DecisionMade, sequence: int) -> None:
        reason = event.verdicts[-1].reason if event.verdicts else ""
        self._connection.execute(
            "INSERT OR REPLACE INTO decisions VALUES "
            "(?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, '', ?, '', '', ?, ?)",
            (
                event.decision_id, event.at_ns, event.strategy, event.instrument_id, event.outcome,
                event.side, event.score, reason, _json(event.inputs), _json(event.verdicts),
                _ACTING.get(event.outcome, HELD), self._portfolio(), sequence,
            ),
        )  # fmt: skip

    def _portfolio(self) -> str:
        # What was held when the decision was made.
        rows = self._connection.execute(
            "SELECT strategy, instrument_id, signed_lots FROM holdings WHERE signed_lots != 0 "
            "ORDER BY strategy, instrument_id"
        ).fetchall()
        held = [
            {"strategy": s, "instrument_id": i, "qty": self.instruments.get(i).qty_text(lots)}
            for s, i, lots in rows
        ]
        return _json(held)

    def _signal(self, event: TradingSignalGenerated, sequence: int) -> None:
        signal = event.signal
        instrument = self.instruments.get(signal.instrument_id)
        prices = [
            instrument.price_text(ticks) if ticks else ""
            for ticks in (signal.entry_ticks, signal.stop_ticks, signal.take_profit_ticks)
        ]
        self._connection.execute(
            "INSERT OR REPLACE INTO signals VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
            (
                event.decision_id, event.at_ns, signal.strategy, signal.instrument_id,
                signal.action.value, int(signal.side), signal.reason, signal.confidence,
                signal.score, *prices, PENDING, sequence,
            ),
        )  # fmt: skip
        words = {
            "action": signal.action.value,
            "reason": signal.reason,
            "confidence": signal.confidence,
        }
        self._connection.execute(
            "UPDATE decisions SET signal = ?, reason = ? WHERE decision_id = ?",
            (_json(words), signal.reason, event.decision_id),
        )

    def _judge(self, event: RiskJudged) -> None:
        verdict = event.verdict
        words: dict[str, object] = {"checks": verdict.checks}
        if isinstance(verdict, Approved):
            words |= {"verdict": "approved", "qty_lots": verdict.qty_lots}
        else:
            words |= {"verdict": "refused", "code": verdict.code, "reason": verdict.reason}
            self._refuse(event.decision_id, f"{verdict.code}: {verdict.reason}")
        self._connection.execute(
            "UPDATE decisions SET risk_checks = ? WHERE decision_id = ?",
            (_json(words), event.decision_id),
        )

    def _refuse(self, decision_id: str, why: str) -> None:
        self._act(decision_id, REJECTED, why)

    def _act(self, decision_id: str, action: str, why: str) -> None:
        self._connection.execute(
            "UPDATE decisions SET action_taken = ? WHERE decision_id = ?", (action, decision_id)
        )
        self._connection.execute(
            "UPDATE signals SET status = ?, refusal = ? WHERE decision_id = ?",
            (action, why, decision_id),
        )

    def _place(self, event: OrderPlaced) -> None:
        order = event.order
        self._connection.execute(
            "UPDATE decisions SET order_id = ? WHERE decision_id = ? AND order_id = ''",
            (order.client_order_id, order.decision_id),
        )
        self._act(order.decision_id, EXECUTED, "")

    def _fail(self, event: OrderFailed) -> None:
        self._connection.execute(
            "UPDATE orders SET reason = ? WHERE client_order_id = ? AND reason = ''",
            (event.reason, event.client_order_id),
        )

    def _open(self, event: PositionOpened, sequence: int) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?, '', ?, NULL, ?, ?)",
            (
                event.position_id, event.strategy, event.instrument_id, int(event.side),
                event.entry_price, event.qty, event.at_ns, event.decision_id, sequence,
            ),
        )  # fmt: skip

    def _close(self, event: PositionClosed, sequence: int) -> None:
        self._connection.execute(
            "UPDATE positions SET closed_ns = ? WHERE position_id = ?",
            (event.at_ns, event.position_id),
        )
        hours = (event.at_ns - event.opened_ns) / NS_PER_HOUR
        self._connection.execute(
            "INSERT OR REPLACE INTO trades VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.position_id, event.strategy, event.instrument_id, int(event.side),
                event.opened_ns, event.at_ns, event.entry_price, event.exit_price, event.qty,
                event.pnl.text, event.pnl.currency, event.pnl_percent, event.fees.text,
                event.funding.text, hours, event.reason, event.entry_decision_id,
                event.exit_decision_id, sequence,
            ),
        )  # fmt: skip
        profit = Money(
            event.pnl.amount + event.fees.amount - event.funding.amount, event.pnl.currency
        )
        trade = (event.strategy, event.instrument_id, event.position_id)
        self._orders.realise(sequence, event.at_ns, trade, profit)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
