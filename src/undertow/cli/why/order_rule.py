"""Why an order exists, in one sentence: whose wish it was, or which rule forced it."""

from undertow.cli.why.evidence import RULE_PREFIX, Evidence
from undertow.cli.why.order_story import ToldOrder
from undertow.domain.event import (
    CircuitBreakerTriggered,
    DecisionMade,
    ExecutionJudged,
    ForceExitRequired,
)
from undertow.domain.order import Purpose
from undertow.domain.time import NS_PER_S

BREAKER_BEFORE_NS = 60 * NS_PER_S
"""A circuit breaker that tripped this long before a forced exit is told with it."""

_DESK = "emergency_exit"


def rule_of(evidence: Evidence, order: ToldOrder) -> str:
    """The sentence for the order's purpose."""
    match evidence.case.target.order.purpose:
        case Purpose.ENTRY:
            return f"{order.strategy} decided to enter: {order.reason or 'no reason given'}"
        case Purpose.EXIT:
            return _exit(evidence, order)
        case Purpose.PROTECT:
            return _protect(evidence, order)
        case Purpose.FLATTEN:
            return _flatten(evidence, order)


def _exit(evidence: Evidence, order: ToldOrder) -> str:
    for record in evidence.records:
        value = record.value
        if not isinstance(value, DecisionMade) or value.outcome != "exit":
            continue
        if value.decision_id == order.decision_id:
            return f"{order.strategy} decided to exit: {order.reason}"
    return f"the position's plan asked for it: {order.reason}"


def _protect(evidence: Evidence, order: ToldOrder) -> str:
    planned = ""
    for record in evidence.records:
        value = record.value
        if record.sequence > evidence.case.target.sequence:
            break
        if not isinstance(value, ExecutionJudged) or value.outcome != "watching":
            continue
        if value.decision_id == order.decision_id:
            planned = f"; {value.verdicts[0].name} planned it when {_plan(value, evidence)}"
    return f"every position carries a stop at its venue{planned}"


def _plan(judged: ExecutionJudged, evidence: Evidence) -> str:
    # Its one check holds the stop as the value and the fill as the threshold, in ticks.
    instrument = evidence.case.instrument
    check = judged.verdicts[0].checks[0]
    fill, stop = (
        instrument.price_text(int(check.threshold)),
        instrument.price_text(int(check.value)),
    )
    return f"the entry was filled at {fill}: stop at {stop}"


def _flatten(evidence: Evidence, order: ToldOrder) -> str:
    target = evidence.case.target
    forced: ForceExitRequired | None = None
    breaker: CircuitBreakerTriggered | None = None
    for record in evidence.records:
        value = record.value
        if record.sequence > target.sequence:
            break
        if isinstance(value, ForceExitRequired):
            forced = value
        elif isinstance(value, CircuitBreakerTriggered):
            is_recent = target.sent_ns - value.at_ns <= BREAKER_BEFORE_NS
            breaker = value if is_recent else None
    if order.decision_id.startswith(RULE_PREFIX):
        words = f"risk forced the exit by rule {order.decision_id.removeprefix(RULE_PREFIX)!r}"
        words += f": {forced.reason}" if forced is not None else ""
    elif order.reason.startswith(_DESK):
        words = f"execution closed the position at once: {order.reason}"
    else:
        words = f"the position had to be closed: {order.reason}"
    if breaker is not None:
        words += f" (circuit breaker {breaker.rule}, level {breaker.level}: {breaker.reason})"
    return words
