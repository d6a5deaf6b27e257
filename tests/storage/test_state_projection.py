from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from undertow.domain.event import (
    DecisionMade,
    ExecutionValidationFailed,
    OrderFailed,
    RiskJudged,
    SignalRejected,
)
from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Check, Intent, Refused
from undertow.domain.order import Market, Purpose
from undertow.domain.side import Side
from undertow.storage.state_database import StateDatabase
from undertow.storage.state_queries import StateQueries
from undertow.timeline.journal_record import JournalRecord, Value

Records = list[JournalRecord]
BTC = InstrumentId("BTC/USDT:USDT@binance")
D1 = DecisionId("ut1-d1")


def _after(folder: Path, records: Records) -> StateQueries:
    database = StateDatabase(folder / "s")
    database.apply(records)
    return database.queries


def test_the_trade_log(tmp_path: Path, trade_story: Records) -> None:
    (trade,) = _after(tmp_path, trade_story).trades()
    assert (trade.trade_id, trade.instrument_id, trade.side) == ("p1", BTC, 1)
    assert (trade.entry_price, trade.exit_price, trade.qty) == ("60000.6", "60100", "0.1")
    assert (trade.pnl, trade.fees, trade.funding) == ("9.065", "0.75", "-0.125")
    assert (trade.entry_ns, trade.duration_hours) == (31, 1.0)
    assert (trade.exit_reason, trade.pnl_percent) == ("trailing_stop", 0.15)
    assert (trade.entry_decision_id, trade.exit_decision_id) == ("ut1-d1", "ut1-d2")


def test_the_decision_log(tmp_path: Path, trade_story: Records) -> None:
    leave, enter = _after(tmp_path, trade_story).decisions()
    assert enter.action_taken == leave.action_taken == "EXECUTED"
    assert (enter.order_id, enter.fill_price) == ("ut1-o1", "60000.6")
    assert (leave.order_id, leave.fill_price) == ("ut1-o2", "60100")
    assert msgspec.json.decode(enter.signal) == {
        "action": "enter", "reason": "cascade", "confidence": 0.8,
    }  # fmt: skip
    assert msgspec.json.decode(enter.indicators) == {"ratio": 2.5}
    assert msgspec.json.decode(enter.risk_checks)["verdict"] == "approved"
    assert msgspec.json.decode(enter.verdicts)[0]["checks"][0]["name"] == "ratio"
    assert enter.portfolio == "[]"
    assert msgspec.json.decode(leave.portfolio) == [
        {"strategy": "cascade", "instrument_id": BTC, "qty": "0.1"}
    ]


def _refusals() -> list[tuple[Value, str]]:
    intent = Intent("i", D1, StrategyId("cascade"), BTC, Side.BUY, Purpose.ENTRY, Market(), "", 9)
    refused = Refused(intent, "RISK_DAILY", "lost 5 of 5", (Check("daily", False, 5.0, 5.0),))
    return [
        (RiskJudged(at_ns=9, decision_id=D1, verdict=refused), "RISK_DAILY: lost 5 of 5"),
        (
            SignalRejected(at_ns=9, decision_id=D1, instrument_id=BTC, code="BUSY", reason="full"),
            "BUSY: full",
        ),
        (
            ExecutionValidationFailed(
                at_ns=9, decision_id=D1, instrument_id=BTC, check="min_qty", reason="too small"
            ),
            "min_qty: too small",
        ),
    ]


@pytest.mark.parametrize(("event", "why"), _refusals())
def test_a_refused_signal(
    tmp_path: Path,
    trade_story: Records,
    records_of: Callable[..., Records],
    event: Value,
    why: str,
) -> None:
    queries = _after(tmp_path, [*trade_story[:3], *records_of([event], 4)])
    (decision,), (signal,) = queries.decisions(), queries.signals()
    assert (decision.action_taken, decision.order_id) == ("REJECTED", "")
    assert (signal.status, signal.refusal) == ("REJECTED", why)
    assert (signal.entry_price, signal.stop_price, signal.take_profit_price) == (
        "60000", "59000", "",
    )  # fmt: skip


def test_a_decision_that_does_nothing_is_held(
    tmp_path: Path, trade_story: Records, records_of: Callable[..., Records]
) -> None:
    first = trade_story[1].value
    assert isinstance(first, DecisionMade)
    outcomes = ["hold", "sufficiency", "tighten", "enter"]
    made = [
        msgspec.structs.replace(
            first, outcome=outcome, decision_id=DecisionId(outcome), score=float("nan")
        )
        for outcome in outcomes
    ]
    queries = _after(tmp_path, [trade_story[0], *records_of(made, 2)])
    taken = {row.decision_id: row.action_taken for row in queries.decisions()}
    assert [taken[outcome] for outcome in outcomes] == ["HELD", "HELD", "EXECUTED", "PENDING"]
    assert {row.score for row in queries.decisions()} == {None}


def test_positions_are_open_until_closed(tmp_path: Path, trade_story: Records) -> None:
    queries = _after(tmp_path, trade_story[:11])
    (position,) = queries.positions()
    assert (position.qty, position.stop_price, position.entry_price) == ("0.1", "59500", "60000")
    assert _after(tmp_path, trade_story).positions() == []


def test_the_cash_book_balances_and_adds_up_to_the_trades(
    tmp_path: Path, trade_story: Records
) -> None:
    queries = _after(tmp_path, trade_story)
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    wallet = Decimal(0)
    for row in queries.ledger():
        sums[row.sequence, row.currency] += Decimal(row.amount)
        wallet += Decimal(row.amount) if row.kind == "wallet" else 0
    assert set(sums.values()) == {Decimal(0)}
    assert wallet == Decimal(queries.trades()[0].pnl)
    assert {row.kind for row in queries.ledger()} == {"wallet", "fees", "funding", "realised"}


def test_runs(tmp_path: Path, trade_story: Records) -> None:
    (run,) = _after(tmp_path, trade_story).runs()
    assert (run.run, run.mode, run.seed, run.ended_ns, run.end_reason, run.state_hash) == (
        1, "paper", "1", 40, "asked", "hash",
    )  # fmt: skip
    assert _after(tmp_path / "open", trade_story[:3]).runs()[0].ended_ns is None


def test_a_failed_order_keeps_its_reason(
    tmp_path: Path, trade_story: Records, records_of: Callable[..., Records]
) -> None:
    failed = OrderFailed(
        at_ns=9, client_order_id=ClientOrderId("ut1-o1"), instrument_id=BTC, reason="insufficient"
    )
    queries = _after(tmp_path, [*trade_story[:6], *records_of([failed], 7)])
    assert queries.orders()[0].reason == "insufficient"
