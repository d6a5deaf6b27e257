"""Effects and inputs as log lines: the topic, the severity, and the id that ties them together."""

from typing import Any

import msgspec
import structlog

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import Effect, ReportReceived
from undertow.domain.event import (
    CandleCompleted,
    CircuitBreakerTriggered,
    DecisionMade,
    OrderFailed,
    OrderOutcomeUnknown,
    PositionReconciliationFailed,
    RiskJudged,
    SystemFailure,
)

_WARNINGS = (CircuitBreakerTriggered, OrderFailed, OrderOutcomeUnknown)
_ERRORS = (PositionReconciliationFailed, SystemFailure)
_CHATTER = (DecisionMade, CandleCompleted, RiskJudged)
_COMMANDS = (SubmitOrder, AmendOrder, CancelOrder, QueryOrder)


def severity(effect: Effect) -> str:
    """debug for chatter, warning or error for trouble, info for the rest."""
    if isinstance(effect, _ERRORS):
        return "error"
    if isinstance(effect, _WARNINGS):
        return "warning"
    return "debug" if isinstance(effect, _CHATTER) else "info"


def topic(effect: Effect) -> str:
    """The part of the engine an effect belongs to, as its logger is called."""
    if isinstance(effect, _COMMANDS):
        return "execution"
    return "decision" if isinstance(effect, _CHATTER) else "engine"


MOST_TRACED = 10_000
"""Orders whose decision is remembered for the lines of later reports."""


class LogLines:
    """Writes one line per effect and report."""

    def __init__(self) -> None:
        names = ("execution", "decision", "engine", "venue")
        self._loggers = {name: structlog.stdlib.get_logger(f"undertow.{name}") for name in names}
        self._trace: dict[str, str] = {}

    def effect(self, effect: Effect) -> None:
        """Log an effect under its own name."""
        fields = _fields(effect)
        if isinstance(effect, SubmitOrder):
            order = effect.order
            self._trace[order.client_order_id] = order.decision_id
            if len(self._trace) > MOST_TRACED:
                del self._trace[next(iter(self._trace))]
        self._tie(fields)
        log = getattr(self._loggers[topic(effect)], severity(effect))
        log(type(effect).__name__, **fields)

    def report(self, received: ReportReceived) -> None:
        """Log what a venue said."""
        fields = _fields(received.report)
        fields["receive_time_ns"] = received.receive_time_ns
        self._tie(fields)
        self._loggers["venue"].info(type(received.report).__name__, **fields)

    def _tie(self, fields: dict[str, Any]) -> None:
        order = fields.get("order")
        if isinstance(order, dict):
            fields.setdefault("client_order_id", order["client_order_id"])
        traced = self._trace.get(fields.get("client_order_id", ""))
        trace = fields.get("decision_id") or traced
        if trace:
            fields["trace_id"] = trace


def _fields(value: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value)
    plain.pop("event", None)
    return plain
