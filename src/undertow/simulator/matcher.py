"""Orders meet the market: taking, resting, being filled, released, ended.

Reports of one moment are said in the order in which things happen. A taker gets one fill per level;
a maker is filled at its own price, never better. An order of ours that another of ours would meet
is expired first ("self_trade"): we never trade with ourselves.
"""

from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.order import (
    Limit,
    Liquidity,
    Market,
    OrderState,
    Terms,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.report import (
    OrderExpired,
    OrderFilled,
    OrderTriggered,
)
from undertow.kernels.matching.venue_state import HIT_TRIGGER, HIT_WAITING
from undertow.simulator.funds import Funds
from undertow.simulator.impact_model import OwnImpact
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.outbox import Outbox
from undertow.simulator.print_budget import PrintBudget
from undertow.simulator.print_clock import PrintClock
from undertow.simulator.taker_plan import TakerPlan, TakerPlanner
from undertow.simulator.venue_account import VenueAccount
from undertow.simulator.venue_markets import Hit, VenueMarkets
from undertow.simulator.venue_order import VenueOrder


class Matcher:
    """Carries out what happens to orders, on books, account and register together."""

    def __init__(
        self,
        venue: str,
        table: InstrumentTable,
        *,
        account: VenueAccount,
        register: OrderRegister,
        markets: VenueMarkets,
        planner: TakerPlanner,
        funds: Funds,
        clock: PrintClock,
        budget: PrintBudget,
        impact: OwnImpact,
        outbox: Outbox,
    ) -> None:
        self._venue = venue
        self._table = table
        self._account = account
        self._register = register
        self._markets = markets
        self._planner = planner
        self._funds = funds
        self._clock = clock
        self._budget = budget
        self._impact = impact
        self._outbox = outbox
        self._touched: dict[str, None] = {}

    def take_touched(self) -> list[str]:
        """Currencies whose wallet or positions changed since the last call, in that order."""
        touched, self._touched = list(self._touched), {}
        return touched

    def enter(self, order: VenueOrder, at_ns: int) -> None:
        """An order comes to the market: a trigger waits; others take what they can, then rest or
        expire. Where trades or bars are all that is known, takers wait for the next one.
        """
        terms = order.terms
        if isinstance(terms, Trigger):
            self._wait(order, terms, at_ns)
            return
        would_take = isinstance(terms, Limit) and self._planner.would_take(
            order.index, order.side, terms.price_ticks
        )
        if self._clock.must_wait(order, at_ns, would_take=would_take):
            self._markets.rest(order, at_ns, is_waiting=True)
            self._funds.set_aside(order)
        else:
            self._take(order, at_ns)

    def take_waiting(self, order: VenueOrder, at_ns: int) -> None:
        """The trade or the open that a taker waited for has come."""
        self._markets.unrest(order)
        if self._allowed(order):
            self._take(order, at_ns)
        else:
            self.expire(order, "nothing_to_reduce", at_ns)

    def _take(self, order: VenueOrder, at_ns: int) -> None:
        plan = self._plan(order)
        terms = order.terms
        is_fok = isinstance(terms, Limit) and terms.time_in_force is TimeInForce.FOK
        if is_fok and plan.lots < self._allowed(order):
            self.expire(order, "fok", at_ns)
            return
        self._clear_own_way(order, plan, at_ns)
        for take in plan.takes:
            ticks = self._pushed(order, take.ticks, take.lots, at_ns)
            if not self._funds.can_fill(order, ticks, take.lots):
                self.expire(order, "insufficient_balance", at_ns)
                return
            if take.level >= 0:
                self._markets.take(order.index, order.side, take.level, take.lots)
            elif self._clock.is_print:
                self._budget.take(order.index, order.side, take.lots)
            self.fill(order, ticks, take.lots, Liquidity.TAKER, at_ns)
        if order.is_open:
            self._end_or_rest(order, plan, at_ns)

    def on_hits(self, hits: list[Hit], at_ns: int) -> None:
        """What a market row did to resting orders, in order of price and time, then to takers that
        waited for it, then releases.
        """
        for hit in hits:
            if not hit.order.is_open:
                continue
            if hit.what == HIT_TRIGGER:
                self.release(hit.order, at_ns)
            elif hit.what == HIT_WAITING:
                with self._clock.now():
                    self.take_waiting(hit.order, at_ns)
            else:
                self.fill_maker(hit.order, hit.order.price_ticks, hit.lots, at_ns)

    def end(self, order: VenueOrder, state: OrderState) -> None:
        """The order is over without another fill; says nothing."""
        assert order.is_open, "an order ends once"
        order.state = state
        self._leave(order)

    def expire(self, order: VenueOrder, reason: str, at_ns: int) -> None:
        """The venue ends an order by its own rule."""
        self.end(order, OrderState.EXPIRED)
        report = OrderExpired(
            venue=self._venue,
            event_time_ns=at_ns,
            client_order_id=order.client_order_id,
            venue_order_id=order.venue_order_id,
            reason=reason,
        )
        self._outbox.push(report)

    def amend(self, order: VenueOrder, terms: Terms, qty_lots: int, at_ns: int) -> None:
        """Change a resting order. A better or worse price or a larger quantity loses its place."""
        keeps_place = terms == order.terms and qty_lots <= order.qty_lots
        if keeps_place:
            order.qty_lots = qty_lots
            self._markets.shrink(order)
            self._funds.set_aside(order)
            return
        self._markets.unrest(order)
        order.terms = terms
        order.qty_lots = qty_lots
        self.enter(order, at_ns)

    def _plan(self, order: VenueOrder) -> TakerPlan:
        lots = self._allowed(order)
        if isinstance(order.terms, Limit):
            if order.terms.is_post_only or not self._planner.has_market(order.index):
                return TakerPlan((), "")
            return self._planner.limit(order.index, order.side, order.terms.price_ticks, lots)
        return self._planner.market(order.index, order.side, lots)

    def _pushed(self, order: VenueOrder, ticks: int, lots: int, at_ns: int) -> int:
        # The price with our own impact; a limit's price is a promise.
        side = order.side
        pushed = ticks + side * self._impact.ticks(order.index, side, lots, ticks, at_ns)
        if isinstance(order.terms, Limit):
            pushed = side * min(side * pushed, side * order.terms.price_ticks)
        return max(1, pushed)

    def _allowed(self, order: VenueOrder) -> int:
        if not order.order.is_reduce_only:
            return order.remaining
        return min(order.remaining, self._funds.reducible(order.index, order.side))

    def _clear_own_way(self, order: VenueOrder, plan: TakerPlan, at_ns: int) -> None:
        if self._clock.is_print:
            return  # fills come out of what strangers traded, never out of an own order
        reach = plan.takes[-1].ticks if plan.takes else 0
        terms = order.terms
        if isinstance(terms, Limit) and terms.time_in_force is TimeInForce.GTC:
            reach = terms.price_ticks if plan.lots < order.remaining else reach
        if reach:
            for own in self._markets.crossing(order.index, order.side, reach):
                self.expire(own, "self_trade", at_ns)

    def _end_or_rest(self, order: VenueOrder, plan: TakerPlan, at_ns: int) -> None:
        terms = order.terms
        if not self._allowed(order):
            self.expire(order, "nothing_to_reduce", at_ns)
        elif isinstance(terms, Limit) and terms.time_in_force is TimeInForce.GTC:
            best = self._markets.best(order.index, order.side.opposite)
            gap = order.side * (best - terms.price_ticks)
            assert not best or gap > 0, "an order of ours never rests across the book"
            self._markets.rest(order, at_ns)
            self._funds.set_aside(order)
        elif isinstance(terms, Market) and self._clock.is_print:
            self._markets.rest(order, at_ns, is_waiting=True)
        else:
            self.expire(order, "ioc" if isinstance(terms, Limit) else plan.shortfall, at_ns)

    def _wait(self, order: VenueOrder, terms: Trigger, at_ns: int) -> None:
        self._markets.rest(order, at_ns)
        last = self._markets.last_ticks(order.index)
        side = 1 if terms.when is TriggerWhen.RISES_TO else -1
        if last and side * (last - terms.trigger_ticks) >= 0:
            self.release(order, at_ns)
        elif side == order.side and self._clock.missed(order, terms.trigger_ticks, at_ns):
            ticks = side * max(side * last, side * terms.trigger_ticks)
            with self._clock.at(order.index, ticks):
                self.release(order, at_ns)

    def release(self, order: VenueOrder, at_ns: int) -> None:
        """A trigger's price has come: the order acts as its `then`, now."""
        assert isinstance(order.terms, Trigger), "only triggers are released"
        self._markets.unrest(order)
        terms = order.terms.then
        problem = self._funds.problem(order.index, order.order, terms, order.remaining)
        order.terms = terms
        self._outbox.push(
            OrderTriggered(
                venue=self._venue,
                event_time_ns=at_ns,
                client_order_id=order.client_order_id,
                venue_order_id=order.venue_order_id,
            )
        )
        if not self._allowed(order):
            self.expire(order, "nothing_to_reduce", at_ns)
        elif problem:
            self.expire(order, problem.code, at_ns)
        elif (
            isinstance(terms, Limit)
            and terms.is_post_only
            and self._planner.would_take(order.index, order.side, terms.price_ticks)
        ):
            self.expire(order, "post_only_would_take", at_ns)
        else:
            self.enter(order, at_ns)

    def fill_maker(self, order: VenueOrder, ticks: int, lots: int, at_ns: int) -> None:
        """A resting limit order is met by `lots` at its own price, or at a better open."""
        lots = min(lots, self._allowed(order))
        if not lots:
            self.expire(order, "nothing_to_reduce", at_ns)
        elif not self._funds.can_fill(order, ticks, lots):
            self.expire(order, "insufficient_balance", at_ns)
        else:
            self.fill(order, ticks, lots, Liquidity.MAKER, at_ns)
            if order.is_open and not self._allowed(order):
                self.expire(order, "nothing_to_reduce", at_ns)
            elif order.is_open:
                self._funds.set_aside(order)

    def fill(
        self,
        order: VenueOrder,
        ticks: int,
        lots: int,
        liquidity: Liquidity,
        at_ns: int,
        *,
        extra_ppm: int = 0,
    ) -> None:
        """Book one execution of an order, on account and order, and report it."""
        index, side = order.index, order.side
        before = self._account.signed_lots(index)
        fee = self._account.fill(
            index, side, ticks, lots, liquidity, at_ns=at_ns, extra_ppm=extra_ppm
        )
        after = self._account.signed_lots(index)
        if order.order.is_reduce_only:
            assert abs(after) <= abs(before), "reduce-only never increases"
            assert before * after >= 0, "reduce-only never opens the other side"
        order.add_fill(lots)
        self._outbox.push(
            OrderFilled(
                venue=self._venue,
                event_time_ns=at_ns,
                client_order_id=order.client_order_id,
                venue_order_id=order.venue_order_id,
                fill_id=self._register.next_fill_id(),
                instrument_id=order.order.instrument_id,
                side=side,
                price_ticks=ticks,
                qty_lots=lots,
                liquidity=liquidity,
                fee=fee,
            )
        )
        if not order.is_open:
            self._leave(order)
        self._after_fill(order, at_ns)

    def _after_fill(self, filled: VenueOrder, at_ns: int) -> None:
        index = filled.index
        instrument = self._table[index]
        self._touched[instrument.settle] = None
        if instrument.kind is MarketKind.SPOT:
            self._touched[instrument.base] = None
            return
        is_open = self._account.position(index) is not None
        self._markets.set_has_position(index, has_position=is_open)
        if not is_open:
            self._markets.set_guard(index, None, None)
        for order in self._register.live(index):
            is_idle = order is not filled and order.order.is_reduce_only and not order.is_trigger
            if is_idle and not self._allowed(order):
                self.expire(order, "nothing_to_reduce", at_ns)

    def _leave(self, order: VenueOrder) -> None:
        if self._markets.is_resting(order):
            self._markets.unrest(order)
        self._funds.set_aside(order)
        self._register.close(order)
