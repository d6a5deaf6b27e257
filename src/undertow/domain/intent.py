"""What decision, risk and execution say to each other. They meet only here.

Decision emits a `Signal`; risk turns an `Intent` into `Approved` or `Refused`; execution sends
nothing but `Approved`. Operators' commands take the same road.
"""

from enum import StrEnum

import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.order import Purpose, Terms
from undertow.domain.side import Side
from undertow.domain.trail import Trail


class Check(msgspec.Struct, frozen=True, gc=False):
    """One judged condition: what was measured, what was asked, and whether it held."""

    name: str
    passed: bool
    value: float
    threshold: float
    reason: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """The outcome of one level, analyzer or filter of a decision.

    `strength` is 0..1; `points` and `weight` are its part of a confluence score (0 where unused).
    """

    name: str
    passed: bool
    reason: str
    strength: float = 0.0
    points: float = 0.0
    weight: float = 0.0
    checks: tuple[Check, ...] = ()


class Action(StrEnum):
    """What a decision wants."""

    ENTER = "enter"
    EXIT = "exit"
    TIGHTEN = "tighten"
    HOLD = "hold"


class Signal(msgspec.Struct, frozen=True):
    """A strategy's wish, with its reasons.

    ENTER: `side` is the position's side, `stop_ticks` the initial stop (never absent, RISK-48),
    `take_profit_ticks` 0 when exits are dynamic; `trail` how the stop follows the price, where
    `trail_ppm` is not enough to say it. EXIT: close the position. TIGHTEN: narrow the trailing
    distance to `trail_ppm`, or move the stop to `stop_ticks`. Prices are ticks; score is in points,
    confidence 0..1.
    """

    strategy: StrategyId
    instrument_id: InstrumentId
    action: Action
    side: Side
    reason: str
    confidence: float = 0.0
    score: float = 0.0
    rank: float = 0.0
    entry_ticks: int = 0
    stop_ticks: int = 0
    take_profit_ticks: int = 0
    trail_ppm: int = 0
    tag: str = ""
    verdicts: tuple[Verdict, ...] = ()
    trail: Trail | None = None


class Intent(msgspec.Struct, frozen=True):
    """A request to change exposure or protection, before risk has spoken.

    `qty_lots` 0 asks risk to size it (entries only). `reference_ticks` is the price the decision
    was made at; `stop_ticks` the initial stop an entry must carry.
    """

    intent_id: str
    decision_id: DecisionId
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    purpose: Purpose
    terms: Terms
    reason: str
    decided_ns: int
    qty_lots: int = 0
    reference_ticks: int = 0
    stop_ticks: int = 0
    take_profit_ticks: int = 0
    trail_ppm: int = 0
    trail: Trail | None = None


class Approved(msgspec.Struct, frozen=True, tag_field="verdict", tag="approved"):
    """Risk allows the intent with this quantity; the only thing execution accepts."""

    intent: Intent
    qty_lots: int
    checks: tuple[Check, ...]


class Refused(msgspec.Struct, frozen=True, tag_field="verdict", tag="refused"):
    """Risk forbids the intent. `code` is stable and counted; `reason` says the numbers."""

    intent: Intent
    code: str
    reason: str
    checks: tuple[Check, ...]


RiskVerdict = Approved | Refused
