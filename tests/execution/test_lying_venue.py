"""The desk against a venue that loses, doubles and reorders everything it says and is told.

Whatever happens, the invariants hold after every step. When the venue becomes honest again, the
desk's orders, its positions and the ledger's equal the venue's, and what is open is protected.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.identity import FillId, InstrumentId, StrategyId, VenueOrderId
from undertow.domain.instrument import Instrument
from undertow.domain.money import Money
from undertow.domain.order import (
    Limit,
    Liquidity,
    Market,
    Order,
    OrderState,
    Purpose,
    TimeInForce,
    Trigger,
)
from undertow.domain.report import (
    AmendRejected,
    CancelRejected,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderStatus,
    OrderTriggered,
    PositionReported,
    Report,
    RequestTimedOut,
)
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_MS, NS_PER_S
from undertow.execution.order_table import ENDED

VENUE_ID = VenueOrderId("v")
CLOSING = (Purpose.EXIT, Purpose.FLATTEN)
REQUESTS = {SubmitOrder: "submit", CancelOrder: "cancel", AmendOrder: "amend"}


class VenueOrder(msgspec.Struct):
    """The truth about one order."""

    order: Order
    qty_lots: int
    price_ticks: int
    filled_lots: int = 0
    state: OrderState = OrderState.OPEN
    is_triggered: bool = False
    fills: list[OrderFilled] = []


class Venue:
    """Does what it is told at once and truly; what it says goes to `outbox`."""

    def __init__(self, *, is_spot: bool) -> None:
        self.is_spot = is_spot
        self.orders: dict[str, VenueOrder] = {}
        self.net: dict[InstrumentId, int] = {}
        self.outbox: list[Report] = []
        self.now_ns = 0
        self.fills = 0

    def live(self) -> list[VenueOrder]:
        return [o for o in self.orders.values() if o.state not in ENDED]

    def say(self, kind: Callable[..., Report], order: Order, **more: Any) -> None:
        self.now_ns += 1
        more.setdefault("venue_order_id", VENUE_ID)
        if kind in (OrderRejected, CancelRejected, AmendRejected):
            del more["venue_order_id"]
        name = order.client_order_id
        self.outbox.append(
            kind(venue="aster", event_time_ns=self.now_ns, client_order_id=name, **more)
        )

    def take(self, command: Command, luck: int) -> None:
        match command:
            case SubmitOrder():
                self._submit(command.order, luck)
            case CancelOrder():
                self._cancel(command)
            case AmendOrder():
                self._amend(command, luck)
            case QueryOrder():
                self._answer(command)

    def _submit(self, order: Order, luck: int) -> None:
        if order.client_order_id in self.orders:
            return
        found = VenueOrder(order, order.qty_lots, _price(order))
        room = self._reducible(order)
        is_empty = order.is_reduce_only and not room
        if self.is_spot:
            is_empty = order.side is Side.SELL and room < order.qty_lots
        if is_empty or luck % 8 == 7:
            found.state = OrderState.REJECTED
            self.orders[order.client_order_id] = found
            code = "nothing_to_reduce" if is_empty else "venue_busy"
            self.say(OrderRejected, order, code=code, reason="as told")
            return
        self.orders[order.client_order_id] = found
        self.say(OrderAccepted, order)
        terms = order.terms
        if isinstance(terms, Market) or (
            isinstance(terms, Limit) and terms.time_in_force is TimeInForce.IOC
        ):
            whole = isinstance(terms, Market) and luck % 4
            self.fill(found, order.qty_lots if whole else luck % (order.qty_lots + 1))
            self.finish(found)

    def _cancel(self, command: CancelOrder) -> None:
        found = self.orders.get(command.client_order_id)
        if found is None or found.state in ENDED:
            self._refuse(CancelRejected, command)
            return
        found.state = OrderState.CANCELED
        self.say(OrderCanceled, found.order)

    def _amend(self, command: AmendOrder, luck: int) -> None:
        found = self.orders.get(command.client_order_id)
        if found is None or not self._amendable(found, command.qty_lots) or luck % 5 == 0:
            self._refuse(AmendRejected, command)
            return
        found.price_ticks, found.qty_lots = command.price_ticks, command.qty_lots
        terms = {"price_ticks": command.price_ticks, "qty_lots": command.qty_lots}
        self.say(OrderAmended, found.order, **terms)

    def _amendable(self, found: VenueOrder, qty_lots: int) -> bool:
        if found.state in ENDED or found.is_triggered or qty_lots <= found.filled_lots:
            return False
        return not self.is_spot or qty_lots <= self._reducible(found.order)

    def _refuse(self, kind: Callable[..., Report], command: CancelOrder | AmendOrder) -> None:
        self.now_ns += 1
        name = command.client_order_id
        report = kind(
            venue="aster", event_time_ns=self.now_ns, client_order_id=name, code="no", reason=""
        )
        self.outbox.append(report)

    def _answer(self, command: QueryOrder) -> None:
        self.now_ns += 1
        found = self.orders.get(command.client_order_id)
        self.outbox.append(
            OrderStatus(
                venue="aster",
                event_time_ns=self.now_ns,
                client_order_id=command.client_order_id,
                venue_order_id=VENUE_ID,
                state=found.state if found else OrderState.REJECTED,
                filled_lots=found.filled_lots if found else 0,
                qty_lots=found.qty_lots if found else 0,
                price_ticks=found.price_ticks if found else 0,
            )
        )
        if found:
            self.outbox += found.fills

    def fill(self, found: VenueOrder, lots: int) -> None:
        order = found.order
        lots = min(lots, found.qty_lots - found.filled_lots)
        if order.is_reduce_only and not self.is_spot:
            lots = min(lots, self._reducible(order))
        if lots <= 0:
            return
        self.fills += 1
        found.filled_lots += lots
        name = order.instrument_id
        self.net[name] = self.net.get(name, 0) + order.side * lots
        self.say(
            OrderFilled,
            order,
            fill_id=FillId(f"f{self.fills}"),
            instrument_id=name,
            side=order.side,
            price_ticks=found.price_ticks or 1000,
            qty_lots=lots,
            liquidity=Liquidity.TAKER,
            fee=Money.of("0.001", "USDT"),
        )
        report = self.outbox[-1]
        assert isinstance(report, OrderFilled)
        found.fills.append(report)
        whole = found.filled_lots == found.qty_lots
        found.state = OrderState.FILLED if whole else OrderState.PARTIALLY_FILLED

    def finish(self, found: VenueOrder) -> None:
        if found.state not in ENDED:
            found.state = OrderState.EXPIRED
            self.say(OrderExpired, found.order, reason="rest")

    def trigger(self, found: VenueOrder, lots: int) -> None:
        found.is_triggered = True
        self.say(OrderTriggered, found.order)
        self.fill(found, lots)
        self.finish(found)

    def _reducible(self, order: Order) -> int:
        net = self.net.get(order.instrument_id, 0)
        if self.is_spot:  # resting sales hold their coins
            sales = [o for o in self.live() if o.order.side is Side.SELL and o.order is not order]
            return net - sum(o.qty_lots - o.filled_lots for o in sales)
        return abs(net) if net * order.side < 0 else 0


def _price(order: Order) -> int:
    match order.terms:
        case Limit(price_ticks=ticks) | Trigger(trigger_ticks=ticks):
            return ticks
        case _:
            return 0


class LyingVenue(RuleBasedStateMachine):
    make_world: Callable[..., Any]
    traded: Instrument

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).make_world()
        self.venue = Venue(is_spot=not self.traded.is_perp)
        self.inbox: list[Command] = []
        self.taken = 0
        self.truth_seen = 0

    def pump(self) -> None:
        """Commands that the desk sent are on their way."""
        for thing in self.world.sent[self.taken :]:
            if isinstance(thing, SubmitOrder | CancelOrder | AmendOrder | QueryOrder):
                self.inbox.append(thing)
            if isinstance(thing, SubmitOrder) and thing.order.purpose in CLOSING:
                self.closes_no_more_than_is_held(thing.order)
        self.taken = len(self.world.sent)

    def closes_no_more_than_is_held(self, order: Order) -> None:
        state = self.world.desk._state
        held = state.holding(order.strategy, order.instrument_id)
        assert state.closing_lots(held) <= abs(held.signed_lots)

    @rule(
        strategy=st.sampled_from(["alpha", "beta"]),
        side=st.sampled_from(list(Side)),
        lots=st.integers(1, 20),
        style=st.sampled_from(["market", "ioc", "gtc"]),
    )
    def enter(self, strategy: str, side: Side, lots: int, style: str) -> None:
        terms = Market() if style == "market" else Limit(1000, TimeInForce(style))
        more = {"reference_ticks": 1000, "stop_ticks": 1000 - 8 * side, "strategy": strategy}
        intent = self.world.intent(Purpose.ENTRY, side, terms, on=self.traded, **more)
        self.world.approve(intent, lots)
        self.pump()

    @rule(strategy=st.sampled_from(["alpha", "beta"]), lots=st.integers(0, 12), rests=st.booleans())
    def leave(self, strategy: str, lots: int, rests: bool) -> None:
        terms = Limit(1000) if rests else Market()
        more = {"on": self.traded, "strategy": strategy}
        intent = self.world.intent(Purpose.EXIT, Side.SELL, terms, **more)
        self.world.approve(intent, lots)
        self.pump()

    @rule(move=st.integers(-30, 30), strategy=st.sampled_from(["alpha", "beta"]))
    def price_moves(self, move: int, strategy: str) -> None:
        key = (StrategyId(strategy), self.traded.instrument_id)
        self.world.call(self.world.desk.on_extreme, *key, 1000 + move)
        self.pump()

    @rule(what=st.sampled_from(["flatten", "lost", "entries"]))
    def operator(self, what: str) -> None:
        desk = self.world.desk
        if what == "flatten":
            self.world.call(desk.flatten_all, "operator")
        elif what == "lost":
            self.world.call(desk.on_venue_lost, "aster")
        else:
            self.world.call(desk.cancel_entries)
        self.pump()

    @precondition(lambda self: self.inbox)
    @rule(place=st.integers(0, 9), luck=st.integers(0, 99))
    def command_arrives(self, place: int, luck: int) -> None:
        self.venue.take(self.inbox.pop(place % len(self.inbox)), luck)

    @precondition(lambda self: self.inbox)
    @rule(is_effective=st.booleans(), says_so=st.booleans(), luck=st.integers(0, 99))
    def command_times_out(self, is_effective: bool, says_so: bool, luck: int) -> None:
        command = self.inbox.pop(0)
        before = len(self.venue.outbox)
        if is_effective:
            self.venue.take(command, luck)
            if not luck % 3:
                del self.venue.outbox[before:]
        request = REQUESTS.get(type(command))
        if says_so and request:
            name = (
                command.order.client_order_id
                if isinstance(command, SubmitOrder)
                else command.client_order_id
            )
            self.venue.outbox.append(
                RequestTimedOut(
                    venue="aster", event_time_ns=1, client_order_id=name, request=request
                )
            )

    @precondition(lambda self: self.venue.live())
    @rule(place=st.integers(0, 9), lots=st.integers(1, 20), luck=st.integers(0, 9))
    def market_trades(self, place: int, lots: int, luck: int) -> None:
        live = self.venue.live()
        found = live[place % len(live)]
        if isinstance(found.order.terms, Trigger):
            self.venue.trigger(found, lots if luck < 3 else found.qty_lots)
        elif luck == 0:
            self.venue.finish(found)
        else:
            self.venue.fill(found, lots)

    @precondition(lambda self: self.venue.outbox)
    @rule(place=st.integers(0, 9), again=st.booleans())
    def report_arrives(self, place: int, again: bool) -> None:
        outbox = self.venue.outbox
        at = place % len(outbox)
        report = outbox[at] if again else outbox.pop(at)
        self.world.report(report)
        self.pump()

    @precondition(lambda self: self.venue.outbox)
    @rule(place=st.integers(0, 9))
    def report_is_lost(self, place: int) -> None:
        self.venue.outbox.pop(place % len(self.venue.outbox))

    @rule(ms=st.integers(1, 9000))
    def time_passes(self, ms: int) -> None:
        self.world.advance(self.world.now_ns + ms * NS_PER_MS)
        self.pump()

    @rule(is_strict=st.booleans())
    def risk_changes_its_mind(self, is_strict: bool) -> None:
        self.world.refused = {Purpose.PROTECT} if is_strict else set()

    @rule()
    def restart(self) -> None:
        self.world.restart()

    @invariant()
    def nothing_is_invented(self) -> None:
        orders, _, _ = self.world.desk._state.tracker.dump()
        for tracked in orders:
            truth = self.venue.orders.get(tracked.client_order_id)
            known = {fill.fill_id for fill in truth.fills} if truth else set()
            assert set(tracked.fill_ids) <= known
            assert tracked.filled_lots + tracked.remaining_lots == tracked.qty_lots
        unknown = {t.instrument_id for t in orders if t.state is OrderState.UNKNOWN}
        assert unknown <= self.world.desk.blocked()

    def teardown(self) -> None:
        self.heal()
        self.equal_truth()

    def heal(self) -> None:
        """The venue says everything it has to say, in order, and does what it is told."""
        self.world.refused = set()
        for turn in range(120):
            if turn % 40 == 39:
                self.report_positions()
            while self.inbox or self.venue.outbox:
                if self.inbox:
                    self.venue.take(self.inbox.pop(0), 1)
                while self.venue.outbox:
                    self.world.report(self.venue.outbox.pop(0))
                    self.pump()
            self.world.advance(self.world.now_ns + 10 * NS_PER_S)
            self.pump()
        self.report_positions()

    def report_positions(self) -> None:
        for name, net in self.venue.net.items():
            self.venue.now_ns += 1
            self.world.report(
                PositionReported(
                    venue="aster",
                    event_time_ns=self.venue.now_ns,
                    instrument_id=name,
                    signed_lots=net,
                )
            )

    def equal_truth(self) -> None:
        desk, name = self.world.desk, self.traded.instrument_id
        assert not desk.blocked(), desk.discrepancies()
        assert desk.discrepancies() == ()
        assert self.world.ledger.net_lots(name) == self.venue.net.get(name, 0)
        for client_id, truth in self.venue.orders.items():
            tracked = desk.order(client_id)
            assert tracked is not None
            assert tracked.filled_lots == truth.filled_lots
            assert (tracked.state in ENDED) == (truth.state in ENDED), (tracked, truth)
        for position in self.world.ledger.positions:
            held = desk._state.holding(position.strategy, position.instrument_id)
            if not held.is_dust:
                self.is_protected(position)

    def is_protected(self, position: Any) -> None:
        resting = [
            truth
            for truth in self.venue.live()
            if truth.order.purpose is Purpose.PROTECT and truth.order.strategy == position.strategy
        ]
        assert len(resting) == 1, (position, resting)
        assert resting[0].order.side is position.side.opposite
        assert resting[0].qty_lots - resting[0].filled_lots == position.lots
        found = self.world.desk.protection(position.strategy, position.instrument_id)
        assert resting[0].price_ticks == found.stop_ticks == found.planned_ticks


@pytest.mark.parametrize("market", ["perp", "spot"])
def test_desk_against_a_lying_venue(
    make_world: Callable[..., Any], instruments: dict[str, Instrument], market: str
) -> None:
    class Machine(LyingVenue):
        pass

    Machine.make_world = staticmethod(make_world)
    Machine.traded = instruments[market]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=100, stateful_step_count=60, deadline=None, derandomize=True
        ),
    )
