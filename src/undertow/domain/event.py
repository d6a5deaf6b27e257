"""Events: what has happened inside the engine, for the journal, the state store and observers.

Names and fields follow REQUIREMENTS EVT-05 .. EVT-24. `at_ns` is the engine's time (the receive
time of the input that caused it). Fills and rejections of orders are venue `report`s and are not
repeated here.
"""

import msgspec

from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import RiskVerdict, Signal, Verdict
from undertow.domain.money import Money
from undertow.domain.order import Order
from undertow.domain.side import Side


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=True):
    at_ns: int


class TradeTickReceived(_Event, frozen=True):
    """A trade of a watched instrument, decimal texts in the venue's own units."""

    instrument_id: InstrumentId
    price: str
    qty: str
    side: Side


class CandleCompleted(_Event, frozen=True):
    """A bar closed."""

    instrument_id: InstrumentId
    timeframe: str
    open_time_ns: int
    open: str
    high: str
    low: str
    close: str
    volume: str
    buy_volume: str


class MarketDataConnectionLost(_Event, frozen=True):
    """A source went silent or its connection broke."""

    source: str
    reason: str


class MarketDataConnectionRestored(_Event, frozen=True):
    """The source is healthy again."""

    source: str


class AnalyticsUpdated(_Event, frozen=True):
    """The analytics of an instrument at a decision point."""

    instrument_id: InstrumentId
    timeframe: str
    order_flow_ratio: float
    cvd: float
    vwap: float


class OrderFlowImbalanceDetected(_Event, frozen=True):
    """Aggressive flow is one-sided; `direction` BUY is bullish, strength 0..1."""

    instrument_id: InstrumentId
    ratio: float
    direction: Side
    strength: float


class MicrostructurePatternDetected(_Event, frozen=True):
    """A pattern of price and flow at a level."""

    instrument_id: InstrumentId
    pattern: str
    direction: Side
    strength: float
    level: float


class InsufficientDataQuality(_Event, frozen=True):
    """Analytics had too little or too doubtful data to speak."""

    instrument_id: InstrumentId
    reason: str
    metric: str
    value: float


class DecisionMade(_Event, frozen=True):
    """One evaluation of a strategy on an instrument: the verdict of each level that was reached.

    `outcome` is "enter", "exit", "tighten", "hold" or the name of the level that stopped it.
    """

    decision_id: DecisionId
    strategy: StrategyId
    instrument_id: InstrumentId
    outcome: str
    side: int
    score: float
    verdicts: tuple[Verdict, ...]
    inputs: dict[str, float]


class TradingSignalGenerated(_Event, frozen=True):
    """A decision became a signal."""

    decision_id: DecisionId
    signal: Signal


class SignalRejected(_Event, frozen=True):
    """A signal was not acted on: by risk, by an execution handler or by selection."""

    decision_id: DecisionId
    instrument_id: InstrumentId
    code: str
    reason: str


class RiskJudged(_Event, frozen=True):
    """Risk's verdict on an intent."""

    decision_id: DecisionId
    verdict: RiskVerdict


class ExecutionJudged(_Event, frozen=True):
    """What each execution handler decided about an approved intent (EXEC-01), in their order.

    `outcome` is "placed", "closing", "rejected" or "watching" (after the first fill).
    """

    intent_id: str
    decision_id: DecisionId
    strategy: StrategyId
    instrument_id: InstrumentId
    outcome: str
    verdicts: tuple[Verdict, ...]


class ExecutionValidationFailed(_Event, frozen=True):
    """An approved intent could not become an order."""

    decision_id: DecisionId
    instrument_id: InstrumentId
    check: str
    reason: str


class OrderPlaced(_Event, frozen=True):
    """An order was written ahead and handed to the venue."""

    order: Order


class OrderFailed(_Event, frozen=True):
    """An order ended without the effect it wanted."""

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    reason: str


class OrderOutcomeUnknown(_Event, frozen=True):
    """A request's outcome is not known; the instrument takes no new risk until the venue says."""

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    request: str


class PositionOpened(_Event, frozen=True):
    """The first fill of a position."""

    position_id: str
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    entry_price: str
    qty: str
    decision_id: DecisionId


class PositionClosed(_Event, frozen=True):
    """A position is flat again: one row of the trade log (POS-11). `pnl` is after fees and funding;
    `pnl_percent` is of the entry cost.
    """

    position_id: str
    strategy: StrategyId
    instrument_id: InstrumentId
    side: Side
    entry_price: str
    exit_price: str
    qty: str
    pnl: Money
    pnl_percent: float
    fees: Money
    funding: Money
    opened_ns: int
    reason: str
    entry_decision_id: DecisionId
    exit_decision_id: DecisionId


class StopHit(_Event, frozen=True):
    """A protective stop was released by the venue."""

    position_id: str
    instrument_id: InstrumentId
    stop_price: str


class StopMoved(_Event, frozen=True):
    """The protective stop of a position moved (never away from profit)."""

    position_id: str
    instrument_id: InstrumentId
    stop_price: str
    reason: str


class PositionReconciliationFailed(_Event, frozen=True):
    """Our books and the venue's differ."""

    venue: str
    discrepancies: tuple[str, ...]


class SystemFailure(_Event, frozen=True):
    """A component failed (the EVT-19 SystemError, renamed because that shadows a builtin)."""

    component: str
    error: str
    is_critical: bool = False


class DumpDetected(_Event, frozen=True):
    """Price and flow turned hard against a position."""

    instrument_id: InstrumentId
    triggers: tuple[str, ...]
    severity: str


class PortfolioHealthDegraded(_Event, frozen=True):
    """The health score fell below a band."""

    score: float
    action: str


class ForceExitRequired(_Event, frozen=True):
    """Risk wants a position closed whatever its strategy says."""

    instrument_id: InstrumentId
    rule: str
    reason: str


class CorrelatedDumpDetected(_Event, frozen=True):
    """A leader fell and pulls its followers."""

    leader: str
    followers: tuple[InstrumentId, ...]


class CircuitBreakerTriggered(_Event, frozen=True):
    """New risk is stopped: `rule` names the breaker, `until_ns` when it ends (0 = by hand)."""

    rule: str
    level: int
    reason: str
    until_ns: int


class CircuitBreakerReset(_Event, frozen=True):
    """New risk is allowed again."""

    rule: str


class MaxHoldTimeExceeded(_Event, frozen=True):
    """A position is older than its strategy allows."""

    position_id: str
    held_ns: int


class NewsReceived(_Event, frozen=True):
    """A news item about an asset; impact -1..1."""

    asset: str
    impact: float
    text: str
    source: str


Event = (
    TradeTickReceived
    | CandleCompleted
    | MarketDataConnectionLost
    | MarketDataConnectionRestored
    | AnalyticsUpdated
    | OrderFlowImbalanceDetected
    | MicrostructurePatternDetected
    | InsufficientDataQuality
    | DecisionMade
    | TradingSignalGenerated
    | SignalRejected
    | RiskJudged
    | ExecutionJudged
    | ExecutionValidationFailed
    | OrderPlaced
    | OrderFailed
    | OrderOutcomeUnknown
    | PositionOpened
    | PositionClosed
    | StopHit
    | StopMoved
    | PositionReconciliationFailed
    | SystemFailure
    | DumpDetected
    | PortfolioHealthDegraded
    | ForceExitRequired
    | CorrelatedDumpDetected
    | CircuitBreakerTriggered
    | CircuitBreakerReset
    | MaxHoldTimeExceeded
    | NewsReceived
)
