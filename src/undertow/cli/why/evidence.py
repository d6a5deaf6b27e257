"""What of a journal belongs to the story of one order."""

import msgspec

from undertow.cli.why.order_index import OrderIndex, PositionSpan, SentOrder
from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import (
    CandleCompleted,
    CircuitBreakerTriggered,
    DecisionMade,
    ExecutionJudged,
    ForceExitRequired,
    OrderPlaced,
    PositionClosed,
    PositionOpened,
    RiskJudged,
)
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EventArray
from undertow.domain.order import Purpose
from undertow.domain.time import NS_PER_MINUTE
from undertow.timeline.journal_record import JournalRecord, RunStarted, Value

CANDLES_BEFORE_NS = 31 * NS_PER_MINUTE
"""Bars that closed this long before the order was sent are told: two of the longest."""

RULE_PREFIX = "rule:"
"""Decision ids of risk's own rules begin so; they are not unique."""

_COMMANDS = (SubmitOrder, AmendOrder, CancelOrder, QueryOrder)


class Case(msgspec.Struct, frozen=True):
    """Which order is asked about, its position, and all orders of that, itself included.

    names: the ids by which records name the case: its orders, their decisions, the position.
    run_sequence: the frame of the run that sent the first of the orders.
    """

    target: SentOrder
    span: PositionSpan | None
    orders: tuple[SentOrder, ...]
    names: frozenset[str]
    run: RunStarted
    run_sequence: int

    @classmethod
    def of(cls, index: OrderIndex, name: str) -> "Case":
        """The case of an order's name; raises `UnknownNameError`."""
        target = index.find(name)
        span = index.position_of(target)
        orders = index.orders_of(span) if span is not None else (target,)
        if target not in orders:
            orders = tuple(sorted((*orders, target), key=lambda sent: sent.sequence))
        names: set[str] = {sent.order.client_order_id for sent in orders}
        names |= {sent.order.decision_id for sent in orders}
        if span is not None:
            names.add(span.opened.position_id)
        unique = frozenset(name for name in names if name and not name.startswith(RULE_PREFIX))
        run = index.run_of(target.sequence)
        first = index.run_of(min(sent.sequence for sent in orders))
        return cls(target, span, orders, unique, run.run, first.sequence)

    @property
    def instrument(self) -> Instrument:
        """What the order trades."""
        sought = self.target.order.instrument_id
        return next(one for one in self.run.instruments if one.instrument_id == sought)

    def concerns(self, value: Value) -> bool:
        """Whether a record's value belongs to the case."""
        order = self.target.order
        match value:
            case CandleCompleted():
                age_ns = self.target.sent_ns - value.at_ns
                is_ours = value.instrument_id == order.instrument_id
                return is_ours and 0 <= age_ns <= CANDLES_BEFORE_NS
            case ForceExitRequired():
                return value.instrument_id == order.instrument_id
            case CircuitBreakerTriggered():
                return True
            case RiskJudged() if value.decision_id.startswith(RULE_PREFIX):
                return value.verdict.intent.instrument_id == order.instrument_id
            case ExecutionJudged() if value.decision_id.startswith(RULE_PREFIX):
                return value.instrument_id == order.instrument_id
            case _:
                return not self.names.isdisjoint(named_in(value))


class Evidence(msgspec.Struct, frozen=True):
    """The case, its records in the journal's order, and what the engine had seen before.

    last_input: the last input frame before the cause of the order, market rows or any other.
    trades: rows of the instrument's last trades that were received until then.
    """

    case: Case
    records: tuple[JournalRecord, ...]
    last_input: JournalRecord | None
    trades: EventArray


def named_in(value: Value) -> tuple[str, ...]:
    """Every id of an order, decision or position that a record's value names."""
    if isinstance(value, ReportReceived):
        return (getattr(value.report, "client_order_id", ""),)
    if isinstance(value, SubmitOrder | OrderPlaced):
        return (value.order.client_order_id, value.order.decision_id)
    if isinstance(value, _COMMANDS):
        return (value.client_order_id,)
    if isinstance(value, PositionOpened | PositionClosed):
        return (value.position_id,)
    fields = ("decision_id", "client_order_id", "position_id")
    return tuple(getattr(value, field, "") for field in fields)


def cause_of(case: Case, records: tuple[JournalRecord, ...]) -> JournalRecord | None:
    """The record from which the order came: its own decision, else the risk verdict on it."""
    judged = risk_record(case, records)
    order = case.target.order
    for record in records:
        value = record.value
        if isinstance(value, DecisionMade) and value.decision_id == order.decision_id:
            is_exit = value.outcome == "exit"
            own = Purpose.EXIT if is_exit else Purpose.ENTRY
            if order.purpose is own:
                return record
    return judged


def risk_record(case: Case, records: tuple[JournalRecord, ...]) -> JournalRecord | None:
    """Risk's last verdict on an intent of the order's decision and purpose before it was placed."""
    order, found = case.target.order, None
    for record in records:
        value = record.value
        if isinstance(value, OrderPlaced) and value.order.client_order_id == order.client_order_id:
            break
        if not isinstance(value, RiskJudged):
            continue
        intent = value.verdict.intent
        same = (intent.decision_id, intent.purpose, intent.instrument_id, intent.strategy)
        if same == (order.decision_id, order.purpose, order.instrument_id, order.strategy):
            found = record
    return found
