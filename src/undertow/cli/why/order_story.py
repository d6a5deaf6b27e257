"""The story of an order as plain values: what `undertow why` prints, and what `--json` gives whole.

Times are nanoseconds since 1970 UTC: `at_ns` is the engine's time (the receive time of what caused
it), `venue_time_ns` the venue's own, 0 where it said none. Prices and quantities are exact decimal
texts in the venue's units; latencies are milliseconds. A number that was undefined is None.
"""

import msgspec


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    pass


class SeenTrade(_Part, frozen=True):
    """A trade of the instrument that the engine had seen; feed latency is receive less event."""

    event_time_ns: int
    receive_time_ns: int
    feed_latency_ms: float
    side: str
    price: str
    qty: str


class SeenBar(_Part, frozen=True):
    """A bar that had closed; `at_ns` is when the engine knew it."""

    timeframe: str
    open_time_ns: int
    at_ns: int
    open: str
    high: str
    low: str
    close: str
    volume: str
    buy_volume: str


class Wake(_Part, frozen=True):
    """What made the engine act: `kind` is "bar", "market_row", "timer", "report", "operator"
    or "source"; `sequence` the journal frame of the input before it.
    """

    kind: str
    what: str
    at_ns: int
    sequence: int


class ToldCheck(_Part, frozen=True):
    """One judged condition."""

    name: str
    passed: bool
    value: float | None
    threshold: float | None
    reason: str


class ToldVerdict(_Part, frozen=True):
    """One level, filter or handler with its checks; `points` of `weight` where it scores."""

    name: str
    passed: bool
    reason: str
    strength: float | None
    points: float | None
    weight: float | None
    checks: tuple[ToldCheck, ...]


class ToldSignal(_Part, frozen=True):
    """The strategy's wish; prices are empty where it named none."""

    action: str
    side: str
    reason: str
    confidence: float | None
    rank: float | None
    entry_price: str
    stop_price: str
    take_profit_price: str
    trail_percent: float
    tag: str


class ToldDecision(_Part, frozen=True):
    """The evaluation behind the order: levels in the order judged, then the score's parts.

    score_maximum: sum of the parts' weights.
    """

    decision_id: str
    at_ns: int
    outcome: str
    side: int
    score: float | None
    score_maximum: float
    levels: tuple[ToldVerdict, ...]
    score_parts: tuple[ToldVerdict, ...]
    inputs: dict[str, float | None]
    signal: ToldSignal | None


class SizeCap(_Part, frozen=True):
    """One bound of the quantity; the tightest decides."""

    name: str
    lots: int
    qty: str
    decides: bool


class ToldRisk(_Part, frozen=True):
    """Risk's verdict on the intent behind the order. `code` and `words` are empty when approved."""

    at_ns: int
    intent_id: str
    approved: bool
    code: str
    words: str
    qty: str
    reference_price: str
    stop_price: str
    checks: tuple[ToldCheck, ...]
    caps: tuple[SizeCap, ...]


class ToldExecution(_Part, frozen=True):
    """What the execution handlers said about the intent, in their order."""

    at_ns: int
    intent_id: str
    outcome: str
    handlers: tuple[ToldVerdict, ...]


class LifeStep(_Part, frozen=True):
    """One thing that happened to an order; `since_sent_ms` counts engine time from its sending."""

    what: str
    at_ns: int
    venue_time_ns: int
    since_sent_ms: float
    price: str = ""
    qty: str = ""
    fee: str = ""
    liquidity: str = ""
    detail: str = ""


class ToldOrder(_Part, frozen=True):
    """An order and its whole life. `average_price` is rounded to the instrument's decimals and two
    more; `fees` by currency.
    """

    client_order_id: str
    venue_order_id: str
    venue: str
    instrument_id: str
    strategy: str
    side: str
    purpose: str
    terms: str
    is_reduce_only: bool
    qty: str
    filled_qty: str
    average_price: str
    fees: dict[str, str]
    state: str
    decision_id: str
    reason: str
    sent_ns: int
    life: tuple[LifeStep, ...]


class Latency(_Part, frozen=True):
    """One stretch of the way from the market to the fill."""

    stretch: str
    ms: float


class StopChange(_Part, frozen=True):
    """The protective stop of the position moved."""

    at_ns: int
    price: str
    reason: str


class ToldPosition(_Part, frozen=True):
    """The position that the order opened, protected or closed. While it is open everything about
    its end is empty, `pnl` too, and `qty` is what is held. `pnl` is after fees and funding, in
    `currency`.
    """

    position_id: str
    side: str
    entry_price: str
    qty: str
    opened_ns: int
    entry_decision_id: str
    is_open: bool
    closed_ns: int = 0
    held_s: float = 0.0
    exit_price: str = ""
    exit_reason: str = ""
    exit_decision_id: str = ""
    pnl: str = ""
    pnl_percent: float | None = None
    fees: str = ""
    funding: str = ""
    currency: str = ""
    stop_changes: tuple[StopChange, ...] = ()


class RunFacts(_Part, frozen=True):
    """The run that sent the order."""

    run_id: str
    mode: str
    version: str
    seed: int
    config_digest: str
    started_ns: int


class OrderStory(_Part, frozen=True):
    """Everything. `rule` says in words why the order exists; `others` are the other orders of the
    same position, oldest first.
    """

    order: ToldOrder
    rule: str
    run: RunFacts
    wake: Wake | None
    bars: tuple[SeenBar, ...]
    trades: tuple[SeenTrade, ...]
    decision: ToldDecision | None
    risk: ToldRisk | None
    execution: tuple[ToldExecution, ...]
    latencies: tuple[Latency, ...]
    position: ToldPosition | None
    others: tuple[ToldOrder, ...]
