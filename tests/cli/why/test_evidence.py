from collections.abc import Callable
from typing import Any

import msgspec

from undertow.cli.why.evidence import Case, Evidence, cause_of, named_in, risk_record
from undertow.cli.why.journal_evidence import index_journal
from undertow.domain.command import CancelOrder
from undertow.domain.event import (
    CandleCompleted,
    CircuitBreakerTriggered,
    DecisionMade,
    ExecutionJudged,
    RiskJudged,
)
from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId, StrategyId

Find = Callable[[str, str], Evidence]
LONG = "BTC/USDT:USDT@aster"


def candle(case: Case, age_ns: int, instrument: str = LONG) -> CandleCompleted:
    numbers = dict.fromkeys(("open", "high", "low", "close", "volume", "buy_volume"), "1")
    return CandleCompleted(
        at_ns=case.target.sent_ns - age_ns, instrument_id=InstrumentId(instrument),
        timeframe="1m", open_time_ns=0, **numbers,
    )  # fmt: skip


def test_a_case_names_orders_decisions_and_the_position(small_run: Any) -> None:
    case = Case.of(index_journal(small_run.journal), "ut1-o4")
    assert case.names == {"ut1-o1", "ut1-o4", "ut1-o7", "ut1-d2", "ut1-d5", "ut1-o1/aster-f1"}
    assert case.instrument.instrument_id == LONG
    assert case.run_sequence == 1


def test_only_what_names_the_case_concerns_it(small_run: Any) -> None:
    case = Case.of(index_journal(small_run.journal), "ut1-o4")
    ours, others = ClientOrderId("ut1-o4"), ClientOrderId("ut1-o5")
    assert case.concerns(CancelOrder("aster", InstrumentId(LONG), ours, 1))
    assert not case.concerns(CancelOrder("aster", InstrumentId(LONG), others, 1))
    assert case.concerns(candle(case, 10))
    assert not case.concerns(candle(case, -10))
    assert not case.concerns(candle(case, 10, "BTC/USDT@borea"))


def test_breakers_concern_every_case(small_run: Any) -> None:
    case = Case.of(index_journal(small_run.journal), "ut1-o4")
    tripped = CircuitBreakerTriggered(at_ns=1, rule="r", level=1, reason="x", until_ns=0)
    assert case.concerns(tripped)
    assert named_in(tripped) == ("", "", "")


def test_an_entry_comes_from_its_decision_and_a_stop_from_risk(evidence: Find) -> None:
    entry, stop = evidence(LONG, "entry"), evidence(LONG, "protect")
    cause = cause_of(entry.case, entry.records)
    assert cause is not None
    assert isinstance(cause.value, DecisionMade)
    cause = cause_of(stop.case, stop.records)
    assert cause is not None
    assert isinstance(cause.value, RiskJudged)
    assert cause == risk_record(stop.case, stop.records)


def test_without_records_there_is_no_cause(evidence: Find) -> None:
    assert cause_of(evidence(LONG, "exit").case, ()) is None


def test_risk_s_own_rules_concern_their_instrument(evidence: Find) -> None:
    found = evidence(LONG, "exit")
    rule = DecisionId("rule:ladder")
    judged = risk_record(found.case, found.records)
    assert judged is not None
    assert isinstance(judged.value, RiskJudged)
    assert found.case.concerns(msgspec.structs.replace(judged.value, decision_id=rule))
    execution = ExecutionJudged(
        at_ns=1, intent_id="i", decision_id=rule, strategy=StrategyId("planned"),
        instrument_id=InstrumentId(LONG), outcome="closing", verdicts=(),
    )  # fmt: skip
    assert found.case.concerns(execution)
    other = msgspec.structs.replace(execution, instrument_id=InstrumentId("BTC/USDT@borea"))
    assert not found.case.concerns(other)
