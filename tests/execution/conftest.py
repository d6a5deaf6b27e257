"""A desk with a ledger and a risk that approves, driven by reports; the instruments it trades."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from undertow.domain.account import AccountView
from undertow.domain.engine_input import Effect
from undertow.domain.event import Event
from undertow.domain.fixed import Step
from undertow.domain.identity import (
    ClientOrderId,
    DecisionId,
    FillId,
    InstrumentId,
    StrategyId,
    VenueOrderId,
)
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved, Intent, Refused
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Market, Order, OrderState, Purpose, Terms
from undertow.domain.report import OrderFilled, OrderStatus, Report
from undertow.domain.side import Side
from undertow.execution.desk import ExecutionDesk
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import ExecutionConfig, StrategyPolicy
from undertow.execution.holding import Holding
from undertow.execution.outcome import Outcome
from undertow.execution.stop_plan import adopted_plan
from undertow.ledger.fill import Fill
from undertow.ledger.ledger import Ledger
from undertow.timeline.run_ids import RunIds


def _instrument(symbol: str, kind: MarketKind, **more: object) -> Instrument:
    base, rest = symbol.split("/")
    quote, _, settle = rest.partition(":")
    fields: dict[str, Any] = {
        "symbol": symbol,
        "venue": "aster",
        "raw_symbol": symbol,
        "kind": kind,
        "base": base,
        "quote": quote,
        "settle": settle or quote,
        "price_step": Step.of("0.1"),
        "qty_step": Step.of("0.001"),
        **more,
    }
    return Instrument(**fields)


PERP = _instrument("BTC/USDT:USDT", MarketKind.LINEAR, max_lots=1000)
SPOT = _instrument("BTC/USDT", MarketKind.SPOT, min_lots=2, min_notional="0.5")
INVERSE = _instrument(
    "BTC/USD:BTC", MarketKind.INVERSE, qty_step=Step(1, 0), contract_size=Step(100, 0)
)
TABLE = InstrumentTable([PERP, SPOT, INVERSE])
NAMES = {"perp": PERP, "spot": SPOT, "inverse": INVERSE}
VENUE_ID = VenueOrderId("v")


def account_view(now_ns: int = 0) -> AccountView:
    money = Money.of("10000", "USDT")
    return AccountView(now_ns, money, money, money, {}, (), (), frozenset(), 0)


@dataclass
class World:
    """The desk between a permissive risk and a ledger; what it sent is kept in `sent`."""

    config: ExecutionConfig = field(default_factory=ExecutionConfig)
    refused: set[Purpose] = field(default_factory=set)
    sent: list[Effect | Event | Fill | Intent] = field(default_factory=list)
    now_ns: int = 0

    def __post_init__(self) -> None:
        self.ids = RunIds(1)
        self.desk = ExecutionDesk(TABLE, self.ids, self.config)
        self.ledger = Ledger(TABLE)

    def intent(
        self,
        purpose: Purpose,
        side: Side,
        terms: Terms | None = None,
        *,
        on: Instrument = PERP,
        strategy: str = "alpha",
        **more: object,
    ) -> Intent:
        fields: dict[str, Any] = {
            "intent_id": self.ids.next_id("intent"),
            "decision_id": DecisionId(self.ids.next_id("decision")),
            "strategy": StrategyId(strategy),
            "instrument_id": on.instrument_id,
            "side": side,
            "purpose": purpose,
            "terms": terms or Market(),
            "reason": "signal",
            "decided_ns": self.now_ns,
            **more,
        }
        return Intent(**fields)

    def approve(self, intent: Intent, lots: int) -> None:
        account = account_view(self.now_ns)
        approved = Approved(intent, lots, ())
        self._keep(Outcome(effects=self.desk.on_approved(approved, account, self.now_ns)))
        self.check()

    def report(self, report: Report) -> None:
        self._keep(self.desk.on_report(report, self.now_ns))
        self.check()

    def call(self, method: Callable[..., Outcome], *args: object) -> None:
        self._keep(method(*args, self.now_ns))
        self.check()

    def advance(self, now_ns: int) -> None:
        """Fire timers at their times up to now."""
        while self.desk.next_timer_ns <= now_ns:
            self.now_ns = max(self.now_ns, self.desk.next_timer_ns)
            self._keep(self.desk.on_timer(self.now_ns))
            self.check()
        self.now_ns = now_ns

    def check(self) -> None:
        self.desk.check(self.ledger.positions)
        self.ledger.check()

    def restart(self) -> None:
        """Go on from snapshots, in new objects."""
        desk, ledger = self.desk.snapshot(), self.ledger.snapshot()
        self.desk = ExecutionDesk(TABLE, self.ids, self.config)
        self.desk.restore(desk)
        self.ledger = Ledger(TABLE)
        self.ledger.restore(ledger)
        assert self.desk.snapshot() == desk

    def _keep(self, outcome: Outcome) -> None:
        self.sent += outcome.effects
        for fill in outcome.fills:
            self.sent.append(fill)
            self.sent += self.ledger.apply_fill(fill).events
        for intent in outcome.intents:
            self.sent.append(intent)
            account = account_view(self.now_ns)
            if intent.purpose in self.refused:
                refused = Refused(intent, "no", "as told", ())
                self.sent += self.desk.on_refused(refused, self.now_ns)
            else:
                approved = Approved(intent, intent.qty_lots or 10, ())
                self.sent += self.desk.on_approved(approved, account, self.now_ns)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def make_world() -> Callable[..., World]:
    return World


@pytest.fixture(scope="session")
def instruments() -> dict[str, Instrument]:
    return NAMES


@pytest.fixture(scope="session")
def table() -> InstrumentTable:
    return TABLE


@pytest.fixture(scope="session")
def account() -> AccountView:
    return account_view()


@pytest.fixture(scope="session")
def make_order() -> Callable[..., Order]:
    def make(
        name: str = "ut1-o1",
        side: Side = Side.BUY,
        lots: int = 10,
        terms: Terms | None = None,
        purpose: Purpose = Purpose.ENTRY,
        *,
        on: Instrument = PERP,
    ) -> Order:
        return Order(
            client_order_id=ClientOrderId(name),
            instrument_id=on.instrument_id,
            strategy=StrategyId("alpha"),
            side=side,
            qty_lots=lots,
            terms=terms or Market(),
            purpose=purpose,
            is_reduce_only=purpose is not Purpose.ENTRY,
            decision_id="ut1-d1",
            created_ns=0,
        )

    return make


@pytest.fixture(scope="session")
def make_intent() -> Callable[..., Intent]:
    def make(
        purpose: Purpose = Purpose.ENTRY,
        side: Side = Side.BUY,
        terms: Terms | None = None,
        **more: object,
    ) -> Intent:
        fields: dict[str, Any] = more
        return World().intent(purpose, side, terms, **fields)

    return make


@pytest.fixture(scope="session")
def make_fill_report() -> Callable[..., OrderFilled]:
    def make(
        name: str,
        fill: str,
        lots: int,
        ticks: int,
        side: Side = Side.BUY,
        *,
        at_ns: int = 1,
        on: Instrument = PERP,
        fee: Money | None = None,
    ) -> OrderFilled:
        return OrderFilled(
            venue=on.venue,
            event_time_ns=at_ns,
            client_order_id=ClientOrderId(name),
            venue_order_id=VENUE_ID,
            fill_id=FillId(fill),
            instrument_id=InstrumentId(on.instrument_id),
            side=side,
            price_ticks=ticks,
            qty_lots=lots,
            liquidity=Liquidity.TAKER,
            fee=fee or Money.zero(on.settle),
        )

    return make


@pytest.fixture(scope="session")
def make_status() -> Callable[..., OrderStatus]:
    def make(
        name: str, state: OrderState, filled: int, qty: int, price: int, *, at_ns: int
    ) -> OrderStatus:
        return OrderStatus(
            venue="aster",
            event_time_ns=at_ns,
            client_order_id=ClientOrderId(name),
            venue_order_id=VENUE_ID,
            state=state,
            filled_lots=filled,
            qty_lots=qty,
            price_ticks=price,
        )

    return make


@pytest.fixture(scope="session")
def say() -> Callable[..., Report]:
    """say(OrderAccepted, "ut1-o1", at_ns=5, ...): a report of an order, with its usual fields."""

    def make(kind: Any, name: str, *, at_ns: int = 1, **more: object) -> Report:
        fields: dict[str, object] = {
            "venue": "aster",
            "event_time_ns": at_ns,
            "client_order_id": ClientOrderId(name),
            **more,
        }
        names = kind.__struct_fields__
        usual = {"venue_order_id": VENUE_ID, "code": "no", "reason": "as told"}
        fields = {name: value for name, value in usual.items() if name in names} | fields
        report: Report = kind(**fields)
        return report

    return make


@pytest.fixture
def step(world: World) -> DeskStep:
    """A call of the world's desk at 1 s."""
    return DeskStep(world.desk._state, 10**9)


@pytest.fixture
def hold(step: DeskStep) -> Callable[..., Holding]:
    """hold("alpha", 10): an open holding without orders; `plan` True gives it a stop plan."""

    def make(
        strategy: str, lots: int, *, on: Instrument = PERP, plan: bool = True, entry: int = 1000
    ) -> Holding:
        held = step.state.holding(StrategyId(strategy), on.instrument_id)
        held.signed_lots = lots
        held.position_id = f"p-{strategy}"
        if plan:
            held.plan = adopted_plan(held.side, entry, StrategyPolicy(), 5_000)
        return held

    return make
