"""The decision behind an order, risk's verdict on it, and what the execution handlers said."""

import math
from collections.abc import Iterable

from undertow.cli.why.evidence import Evidence, risk_record
from undertow.cli.why.order_story import (
    SizeCap,
    ToldCheck,
    ToldDecision,
    ToldExecution,
    ToldRisk,
    ToldSignal,
    ToldVerdict,
)
from undertow.domain.event import DecisionMade, ExecutionJudged, RiskJudged, TradingSignalGenerated
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Approved, Check, Signal, Verdict

_SIZE = "size_"
_PPM_PER_PERCENT = 10_000


def told_decision(evidence: Evidence, instrument: Instrument) -> ToldDecision | None:
    """The decision whose id the order carries; None where risk's own rule made the order."""
    identity = evidence.case.target.order.decision_id
    made: DecisionMade | None = None
    signal: Signal | None = None
    for record in evidence.records:
        value = record.value
        if isinstance(value, DecisionMade) and value.decision_id == identity:
            made = value
        elif isinstance(value, TradingSignalGenerated) and value.decision_id == identity:
            signal = value.signal
    if made is None:
        return None
    parts = [verdict for verdict in made.verdicts if verdict.weight]
    return ToldDecision(
        decision_id=made.decision_id,
        at_ns=made.at_ns,
        outcome=made.outcome,
        side=made.side,
        score=number(made.score),
        score_maximum=sum(verdict.weight for verdict in parts),
        levels=tuple(told_verdict(v) for v in made.verdicts if not v.weight),
        score_parts=tuple(told_verdict(v) for v in parts),
        inputs={name: number(value) for name, value in made.inputs.items()},
        signal=None if signal is None else _signal(signal, instrument),
    )


def told_risk(evidence: Evidence, instrument: Instrument) -> ToldRisk | None:
    """Risk's verdict on the intent that became the order."""
    record = risk_record(evidence.case, evidence.records)
    if record is None:
        return None
    assert isinstance(record.value, RiskJudged)
    verdict = record.value.verdict
    intent, approved = verdict.intent, isinstance(verdict, Approved)
    lots = verdict.qty_lots if isinstance(verdict, Approved) else 0
    return ToldRisk(
        at_ns=record.value.at_ns,
        intent_id=intent.intent_id,
        approved=approved,
        code="" if isinstance(verdict, Approved) else verdict.code,
        words="" if isinstance(verdict, Approved) else verdict.reason,
        qty=instrument.qty_text(lots),
        reference_price=price_text(instrument, intent.reference_ticks),
        stop_price=price_text(instrument, intent.stop_ticks),
        checks=tuple(
            told_check(check) for check in verdict.checks if not check.name.startswith(_SIZE)
        ),
        caps=_caps(verdict.checks, instrument),
    )


def told_execution(evidence: Evidence, intent_id: str) -> tuple[ToldExecution, ...]:
    """Every word of the execution handlers about an intent, in order."""
    return tuple(
        ToldExecution(
            at_ns=record.value.at_ns,
            intent_id=record.value.intent_id,
            outcome=record.value.outcome,
            handlers=tuple(told_verdict(verdict) for verdict in record.value.verdicts),
        )
        for record in evidence.records
        if isinstance(record.value, ExecutionJudged) and record.value.intent_id == intent_id
    )


def told_verdict(verdict: Verdict) -> ToldVerdict:
    """A verdict with undefined numbers as None."""
    return ToldVerdict(
        name=verdict.name,
        passed=verdict.passed,
        reason=verdict.reason,
        strength=number(verdict.strength),
        points=number(verdict.points),
        weight=number(verdict.weight),
        checks=tuple(told_check(check) for check in verdict.checks),
    )


def told_check(check: Check) -> ToldCheck:
    """A check with undefined numbers as None."""
    return ToldCheck(
        name=check.name,
        passed=check.passed,
        value=number(check.value),
        threshold=number(check.threshold),
        reason=check.reason,
    )


def number(value: float) -> float | None:
    """The value, or None where it is undefined or unbounded: JSON has no word for those."""
    return value if math.isfinite(value) else None


def price_text(instrument: Instrument, ticks: int) -> str:
    """The price, or nothing for 0 ticks."""
    return instrument.price_text(ticks) if ticks else ""


def _signal(signal: Signal, instrument: Instrument) -> ToldSignal:
    return ToldSignal(
        action=signal.action.value,
        side=signal.side.name.lower(),
        reason=signal.reason,
        confidence=number(signal.confidence),
        rank=number(signal.rank),
        entry_price=price_text(instrument, signal.entry_ticks),
        stop_price=price_text(instrument, signal.stop_ticks),
        take_profit_price=price_text(instrument, signal.take_profit_ticks),
        trail_percent=signal.trail_ppm / _PPM_PER_PERCENT,
        tag=signal.tag,
    )


def _caps(checks: Iterable[Check], instrument: Instrument) -> tuple[SizeCap, ...]:
    # A size check holds the cap in lots as its value and the quantity chosen as its threshold.
    sized = [check for check in checks if check.name.startswith(_SIZE)]
    return tuple(
        SizeCap(
            name=check.name.removeprefix(_SIZE),
            lots=int(check.value),
            qty=instrument.qty_text(int(check.value)),
            decides=check.value == check.threshold,
        )
        for check in sized
    )
