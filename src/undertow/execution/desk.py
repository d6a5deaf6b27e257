"""The execution desk: approved intents in, commands, fills and further intents out.

It sends nothing but what is `Approved`, and what only reduces risk: cancels, queries, stops moved
toward profit. It never waits and never guesses; time comes in with every call, and `next_timer_ns`
says when it wants to be called although nothing happened.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from undertow.domain.account import AccountView, WorkingOrder
from undertow.domain.command import SubmitOrder
from undertow.domain.engine_input import Effect
from undertow.domain.errors import InvariantBroken
from undertow.domain.event import StopMoved
from undertow.domain.identity import ClientOrderId, IdSource, InstrumentId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved, Refused
from undertow.domain.money import Money
from undertow.domain.order import OrderState, Purpose
from undertow.domain.report import (
    BalanceReported,
    FundingSettled,
    OrderExpired,
    OrderRejected,
    PositionLiquidated,
    PositionReported,
    Report,
)
from undertow.execution.desk_step import DeskStep
from undertow.execution.desk_timers import fire_timers, missing_fills, next_timer_ns
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.execution_state import ExecutionState
from undertow.execution.exit_placement import stops_of
from undertow.execution.external_fills import read_stray
from undertow.execution.fill_intake import give_fill, take_fill, tell_stop_hit
from undertow.execution.handlers.handler_case import HandlerCase
from undertow.execution.handlers.handler_chain import run_handlers
from undertow.execution.holding import Holding
from undertow.execution.order_endings import read_ending
from undertow.execution.order_tracker import OrderReport, ReportCounts
from undertow.execution.outcome import Outcome
from undertow.execution.position_care import care_for, count_attempt, want_flat
from undertow.execution.protection import Protection
from undertow.execution.stop_plan import adopted_plan
from undertow.execution.stop_upkeep import place_stop
from undertow.execution.tracked_order import TrackedOrder
from undertow.execution.venue_position import doubt_position, read_position
from undertow.ledger.fill import EXTERNAL, Fill
from undertow.ledger.position import Position
from undertow.timeline.snapshot import PartBytes

Notional = Callable[[int, int, int], Money]
"""Value in the reporting currency of (instrument index, price ticks or 0, lots)."""

_MOST_PASSES = 16


class ExecutionDesk:
    """Orders, stops and exits of one run. Call `on_timer` whenever `next_timer_ns` is reached."""

    def __init__(
        self, table: InstrumentTable, ids: IdSource, config: ExecutionConfig | None = None
    ) -> None:
        self.config = config or ExecutionConfig()
        self._table = table
        self._state = ExecutionState(table, ids, self.config)

    # What others decided.

    def on_approved(
        self,
        approved: Approved,
        account: AccountView,
        now_ns: int,
        *,
        quote_rate: Fraction | float = 1,
    ) -> list[Effect]:
        """Act on an approved intent. `quote_rate`: its quote currency in the reporting currency."""
        step, intent = self._step(now_ns), approved.intent
        held = self._state.holding(intent.strategy, intent.instrument_id)
        if intent.purpose is Purpose.PROTECT:
            fault = place_stop(step, held, approved)
            if fault is not None:
                want_flat(step, held, f"emergency_exit: stop not possible ({fault[0]})")
        else:
            if intent.purpose is Purpose.FLATTEN:
                want_flat(step, held, intent.reason)
            sent = len(step.out.effects)
            run_handlers(HandlerCase(step, approved, account, quote_rate, held))
            if intent.purpose is Purpose.FLATTEN and _has_submitted(step.out.effects[sent:]):
                count_attempt(step, held)
        self._state.tidy(held)
        if step.out.intents or step.out.fills:
            raise InvariantBroken(f"expected effects only of {intent}, found {step.out}")
        return step.out.effects

    def on_refused(self, refused: Refused, now_ns: int) -> list[Effect]:
        """Risk refused an intent: a position that may not be protected is closed instead."""
        step, intent = self._step(now_ns), refused.intent
        held = self._state.holding(intent.strategy, intent.instrument_id)
        if intent.purpose is Purpose.PROTECT:
            held.asked_ns = 0
            want_flat(step, held, f"emergency_exit: protective stop refused ({refused.code})")
        elif intent.purpose is Purpose.FLATTEN and held.is_open:
            words = f"{intent.instrument_id} must be closed and risk refused: {refused.reason}"
            step.failure(words, is_critical=True)
        self._state.tidy(held)
        return step.out.effects

    # What venues said, and time.

    def on_report(self, report: Report, now_ns: int) -> Outcome:
        """Take a venue's report. Funding and balances are the ledger's."""
        step = self._step(now_ns)
        match report:
            case FundingSettled() | BalanceReported():
                pass
            case PositionReported():
                read_position(step, report)
            case PositionLiquidated():
                self._state.liquidating[report.instrument_id] = abs(report.signed_lots)
                words = f"{report.instrument_id}: the venue liquidates {report.signed_lots} lots"
                step.failure(words, is_critical=True)
            case _:
                self._read_order_report(step, report)
        fire_timers(step)
        return step.out

    def on_timer(self, now_ns: int) -> Outcome:
        """Do what is due."""
        step = self._step(now_ns)
        for _ in range(_MOST_PASSES):
            if next_timer_ns(self._state) > now_ns:
                return step.out
            fire_timers(step)
        raise InvariantBroken(f"expected timers to be done at {now_ns}, found one due for ever")

    @property
    def next_timer_ns(self) -> int:
        """When `on_timer` must be called; 2**63 - 1 when there is nothing to wait for."""
        return next_timer_ns(self._state)

    def on_venue_lost(self, venue: str, now_ns: int) -> Outcome:
        """The connection broke: take back entries, keep what protects and what closes (C-43)."""
        step = self._step(now_ns)
        for tracked in self._state.entries():
            if tracked.venue == venue:
                step.cancel(tracked)
        return step.out

    # Positions and their stops.

    def on_extreme(
        self, strategy: StrategyId, instrument_id: InstrumentId, extreme_ticks: int, now_ns: int
    ) -> Outcome:
        """Tell the best price since the entry; the stop follows it, the take-profit may be due."""
        step = self._step(now_ns)
        held = self._open(strategy, instrument_id)
        if held is not None and held.plan is not None:
            held.plan = held.plan.at_extreme(extreme_ticks)
            care_for(step, held)
        return step.out

    def tighten(
        self, strategy: StrategyId, instrument_id: InstrumentId, trail_ppm: int, now_ns: int
    ) -> Outcome:
        """Shorten the trailing distance of a position; a longer one changes nothing."""
        step = self._step(now_ns)
        held = self._open(strategy, instrument_id)
        if held is not None and held.plan is not None:
            held.plan = held.plan.tightened(trail_ppm)
            care_for(step, held)
        return step.out

    def move_stop(
        self, strategy: StrategyId, instrument_id: InstrumentId, stop_ticks: int, now_ns: int
    ) -> Outcome:
        """Bring the stop of a position nearer to profit; one farther away changes nothing."""
        step = self._step(now_ns)
        held = self._open(strategy, instrument_id)
        if held is not None and held.plan is not None:
            held.plan = held.plan.with_stop(stop_ticks)
            care_for(step, held)
        return step.out

    def on_stop_touched(
        self, strategy: StrategyId, instrument_id: InstrumentId, now_ns: int
    ) -> Outcome:
        """The price reached the planned stop. A stop at the venue does its work; without one, or
        when it is not known whether there is one and no other position could be hit, close.
        """
        step = self._step(now_ns)
        held = self._open(strategy, instrument_id)
        if held is None or held.plan is None:
            return step.out
        stops = stops_of(step, held)
        unknown = [stop for stop in stops if stop.state is OrderState.UNKNOWN]
        is_sole = self._table.get(instrument_id).is_perp and not self._state.others_hold(held)
        if not stops or (unknown and is_sole):
            want_flat(step, held, "trailing_stop" if held.plan.is_trailing else "stop_loss")
            care_for(step, held)
        for stop in unknown:
            step.query(stop)
        return step.out

    def flatten_all(self, reason: str, now_ns: int) -> Outcome:
        """Take back open orders and close every position of ours at market (EXEC-20)."""
        step = self._step(now_ns)
        for tracked in self._state.entries():
            step.cancel(tracked)
        for held in list(self._state.holdings.values()):
            want_flat(step, held, reason)
            care_for(step, held)
        return step.out

    def cancel_entries(self, now_ns: int, instrument_id: InstrumentId | None = None) -> Outcome:
        """Take back entries that are still working, of one instrument or of all."""
        step = self._step(now_ns)
        for tracked in self._state.entries():
            if instrument_id in (None, tracked.instrument_id):
                step.cancel(tracked)
        return step.out

    def adopt(self, fill: Fill, now_ns: int) -> Outcome:
        """Take over a fill that reconciliation found or made; the same `fill_id` counts once.

        A position that it opens gets a stop by its strategy's policy.
        """
        step = self._step(now_ns)
        key = f"{fill.instrument_id} {fill.fill_id} {fill.strategy}"
        if key in self._state.adopted:
            return step.out
        self._state.adopted[key] = True
        held = self._state.holding(fill.strategy, fill.instrument_id)
        if give_fill(step, held, fill) and fill.strategy != EXTERNAL:
            policy = self.config.policy(fill.strategy)
            fallback_ppm = self.config.stop_fallback_ppm
            held.plan = adopted_plan(held.side, fill.price_ticks, policy, fallback_ppm)
        care_for(step, held)
        return step.out

    # What is known.

    def blocked(self) -> frozenset[InstrumentId]:
        """Instruments that take no new risk until the venue has told the truth."""
        return self._state.blocked()

    def order(self, client_order_id: ClientOrderId) -> TrackedOrder | None:
        """An order by our name; read only."""
        return self._state.tracker.get(client_order_id)

    def orders(self) -> tuple[TrackedOrder, ...]:
        """Orders of which something may still be heard or asked, oldest first; read only."""
        return tuple(self._state.tracker)

    @property
    def counts(self) -> ReportCounts:
        """Reports that had no effect."""
        return self._state.tracker.counts

    def working(self, notional: Notional) -> tuple[WorkingOrder, ...]:
        """Orders that have not ended, valued by `notional` at their price (0 = at the market)."""
        return tuple(
            WorkingOrder(
                client_order_id=t.client_order_id,
                instrument_id=t.instrument_id,
                strategy=t.order.strategy,
                side=t.order.side,
                purpose=t.purpose,
                state=t.state,
                remaining_lots=t.remaining_lots,
                remaining_notional=notional(
                    self._table.index(t.instrument_id), t.price_ticks, t.remaining_lots
                ),
                created_ns=t.order.created_ns,
            )
            for t in self._state.tracker
            if not t.is_ended
        )

    def protection(self, strategy: StrategyId, instrument_id: InstrumentId) -> Protection:
        """Where a position's stop is; all zero while there is none."""
        held = self._open(strategy, instrument_id)
        if held is None or held.plan is None:
            return Protection(strategy, instrument_id)
        return self._protection(held)

    def discrepancies(self) -> tuple[str, ...]:
        """What the venue says and we cannot confirm, now, told as an event or not yet."""
        fills = [missing_fills(t) for t in self._state.tracker if t.claim is not None]
        nets = [
            f"{name}: the venue holds {doubt.signed_lots if doubt.is_known else 'unknown'} lots, "
            f"we count {self._state.net_lots(name)}"
            for name, doubt in self._state.doubts.items()
        ]
        return (*fills, *nets)

    def check(self, positions: Iterable[Position]) -> None:
        """Compare the holdings with the ledger's positions; raises `InvariantBroken`."""
        for tracked in self._state.tracker:
            tracked.check()
        booked = {(p.strategy, p.instrument_id): p.signed_lots for p in positions}
        held = {key: h.signed_lots for key, h in self._state.holdings.items() if h.is_open}
        if booked != held:
            raise InvariantBroken(f"expected the positions of the ledger {booked}, found {held}")

    def snapshot(self) -> bytes:
        """The whole state; the ids are their source's own."""
        return self._state.snapshot()

    def restore(self, data: PartBytes) -> None:
        """Go on from a snapshot."""
        self._state.restore(bytes(data))

    def _step(self, now_ns: int) -> DeskStep:
        return DeskStep(self._state, now_ns)

    def _open(self, strategy: StrategyId, instrument_id: InstrumentId) -> Holding | None:
        held = self._state.holdings.get((strategy, instrument_id))
        return held if held is not None and held.is_open else None

    def _protection(self, held: Holding) -> Protection:
        assert held.plan is not None
        stops = [t for t in self._state.orders(held) if t.purpose is Purpose.PROTECT]
        resting = [t.price_ticks for t in stops if t.is_acknowledged]
        return Protection(
            held.strategy,
            held.instrument_id,
            held.side,
            stop_ticks=resting[-1] if resting else 0,
            planned_ticks=held.plan.stop_ticks,
            extreme_ticks=held.plan.extreme_ticks,
            take_profit_ticks=held.plan.take_profit_ticks,
            trail_ppm=held.plan.distance_ppm,
        )

    def _read_order_report(self, step: DeskStep, report: OrderReport) -> None:
        tracked = self._state.tracker.get(report.client_order_id)
        price_before = tracked.price_ticks if tracked else 0
        change = self._state.tracker.apply(report, step.now_ns)
        if change is None:
            read_stray(step, report)
            return
        tracked = change.tracked
        held = self._state.holding(tracked.order.strategy, tracked.instrument_id)
        step.announce(change, _reason(report))
        if change.fill is not None:
            take_fill(step, tracked, change.fill)
        if change.is_misfit or change.excess_lots:
            doubt_position(step, tracked.instrument_id)
        if tracked.purpose is Purpose.PROTECT:
            self._follow_stop(step, held, tracked, price_before)
        read_ending(step, held, change, report)
        care_for(step, held)

    def _follow_stop(
        self, step: DeskStep, held: Holding, tracked: TrackedOrder, price_before: int
    ) -> None:
        if tracked.is_triggered:
            tell_stop_hit(step, held, tracked)
        if tracked.price_ticks != price_before:
            instrument = self._state.instrument(held)
            step.out.effects.append(
                StopMoved(
                    at_ns=step.now_ns,
                    position_id=held.position_id,
                    instrument_id=held.instrument_id,
                    stop_price=instrument.price_text(tracked.price_ticks),
                    reason="trailing",
                )
            )


def _has_submitted(effects: list[Effect]) -> bool:
    return any(isinstance(effect, SubmitOrder) for effect in effects)


def _reason(report: OrderReport) -> str:
    match report:
        case OrderRejected():
            return f"{report.code}: {report.reason}"
        case OrderExpired():
            return report.reason
        case _:
            return ""
