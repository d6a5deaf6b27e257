"""From decisions to orders and from fills to books: the road every signal and every fill takes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from undertow.decision.decision import Decision
from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import Effect
from undertow.domain.event import (
    DecisionMade,
    ExecutionValidationFailed,
    ForceExitRequired,
    OrderFailed,
    PositionClosed,
    PositionOpened,
    RiskJudged,
    SignalRejected,
    SystemFailure,
    TradingSignalGenerated,
)
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Action, Approved, Intent, Signal
from undertow.domain.order import Purpose
from undertow.domain.side import Side
from undertow.engine.engine_memory import AwaitedEntry, WatchedPosition
from undertow.engine.intents import closing_intent, entry_intent
from undertow.execution.outcome import Outcome
from undertow.flow.watch import Touch, WatchKind
from undertow.ledger.fill import Fill
from undertow.risk.arbiter import CancelEntries, ClosePosition

if TYPE_CHECKING:
    from undertow.engine.engine import Engine

_COMMANDS = (SubmitOrder, AmendOrder, CancelOrder, QueryOrder)
_WIDEST_TRAIL_PPM = 1_000_000
"""Of a position that does not trail: its watch only follows the best price."""


class TradeFlow:
    """Collects the effects of a step while it carries out what was decided."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._effects: list[Effect] = []
        self.has_commands = False

    def emit(self, effect: Effect) -> None:
        """Add one effect and count what it says."""
        counters = self._engine.memory.counters
        if isinstance(effect, _COMMANDS):
            self.has_commands = True
            counters.orders += isinstance(effect, SubmitOrder)
        else:
            counters.events += 1
        self._effects.append(effect)

    def drain(self) -> list[Effect]:
        """What was collected since the last drain."""
        effects, self._effects = self._effects, []
        self.has_commands = False
        return effects

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Record decisions and act on their signals, in their order."""
        engine = self._engine
        for event in engine.host.quality_events:
            self.emit(event)
        for failure in engine.host.failures:
            where = f"{failure.strategy} on {failure.instrument_id}, {failure.handler}"
            self.emit(
                SystemFailure(
                    at_ns=engine.now_ns,
                    component=f"strategy {where}",
                    error=f"{failure.error} ({failure.where})" if failure.where else failure.error,
                    is_critical=failure.is_suspended,
                )
            )
        if engine.host.failures and engine.config.halts_on_failure:
            self.has_commands = True  # whoever drives the engine gets a chance to stop
        for decision in decisions:
            self._record(decision)
            if decision.signal is not None:
                self._act(decision, decision.signal)

    def absorb(self, outcome: Outcome) -> None:
        """Carry out what execution gave: effects, fills into the books, intents through risk."""
        self._engine.timers_changed()
        self._emit_execution(outcome.effects)
        for fill in outcome.fills:
            self._book(fill)
        for intent in outcome.intents:
            self._judge(intent)
        self._follow_positions()

    def on_touch(self, touch: Touch) -> None:
        """The price came to the stop of a position: it must be at work by now."""
        engine = self._engine
        engine.timers_changed()
        awaited = engine.memory.awaited.pop(touch.watch_id, None)
        if awaited is not None:
            self._enter(awaited.decision_id, awaited.signal)
            return
        watched = engine.memory.watches.get(touch.watch_id)
        if watched is None:
            return
        name = (watched.strategy, watched.instrument_id)
        if not watched.stop_ticks:
            # A trail is set anew from here; a fixed level speaks once.
            del engine.memory.watches[touch.watch_id]
            self.absorb(engine.execution.on_extreme(*name, touch.extreme_ticks, engine.now_ns))
        self.absorb(engine.execution.on_stop_touched(*name, engine.now_ns))

    def follow_prices(self) -> None:
        """Tell execution the best price of each position, so that its stop can follow."""
        engine = self._engine
        for watch_id, watched in list(engine.memory.watches.items()):
            if watched.stop_ticks or watch_id not in engine.memory.watches:
                continue
            extreme = engine.flow.extreme(watch_id)
            if extreme:
                self.absorb(
                    engine.execution.on_extreme(
                        watched.strategy, watched.instrument_id, extreme, engine.now_ns
                    )
                )

    def review(self) -> None:
        """Let risk look at the whole account, and do what it wants."""
        engine = self._engine
        events, actions = engine.risk.review(engine.keeper.account(engine.now_ns))
        for event in events:
            self.emit(event)
        for action in actions:
            if isinstance(action, CancelEntries):
                self.absorb(engine.execution.cancel_entries(engine.now_ns))
            else:
                self._close(action)

    def _close(self, action: ClosePosition) -> None:
        engine = self._engine
        position = engine.keeper.position(action.strategy, action.instrument_id)
        if position is None:
            return
        self.emit(
            ForceExitRequired(
                at_ns=engine.now_ns,
                instrument_id=action.instrument_id,
                rule=action.rule.name.lower(),
                reason=action.reason,
            )
        )
        intent_id = engine.ids.next_id("intent")
        decision_id = DecisionId(f"rule:{action.rule.name.lower()}")
        reason = f"risk: {action.reason}"
        self._judge(closing_intent(intent_id, decision_id, position, Purpose.FLATTEN, reason))

    def _record(self, decision: Decision) -> None:
        engine = self._engine
        engine.memory.counters.decisions += 1
        self.emit(
            DecisionMade(
                at_ns=engine.now_ns,
                decision_id=decision.decision_id,
                strategy=decision.strategy,
                instrument_id=decision.instrument_id,
                outcome=decision.outcome,
                side=decision.side,
                score=decision.score,
                verdicts=decision.verdicts,
                inputs=decision.inputs,
            )
        )

    def _act(self, decision: Decision, signal: Signal) -> None:
        engine, identity = self._engine, decision.decision_id
        engine.memory.counters.signals += 1
        made = TradingSignalGenerated(at_ns=engine.now_ns, decision_id=identity, signal=signal)
        self.emit(made)
        if signal.action is Action.ENTER:
            if engine.config.entries_at_next_price:
                self._await_price(identity, signal)
            else:
                self._enter(identity, signal)
            return
        name = (signal.strategy, signal.instrument_id)
        position = engine.keeper.position(*name)
        if position is None:
            return
        if signal.action is Action.TIGHTEN:
            if signal.trail_ppm:
                tightened = engine.execution.tighten(*name, signal.trail_ppm, engine.now_ns)
                self.absorb(tightened)
            if signal.stop_ticks:
                moved = engine.execution.move_stop(*name, signal.stop_ticks, engine.now_ns)
                self.absorb(moved)
        elif signal.action is Action.EXIT:
            intent_id = engine.ids.next_id("intent")
            reason = signal.reason
            self._judge(closing_intent(intent_id, identity, position, Purpose.EXIT, reason))

    def _await_price(self, identity: DecisionId, signal: Signal) -> None:
        engine = self._engine
        watch_id = engine.memory.next_watch
        index = engine.table.index(signal.instrument_id)
        engine.flow.watch(index, watch_id, WatchKind.RISES_TO, 1)
        engine.memory.awaited[watch_id] = AwaitedEntry(identity, signal)
        engine.memory.next_watch += 1

    def _enter(self, identity: DecisionId, signal: Signal) -> None:
        engine, config = self._engine, self._engine.config
        market = engine.keeper.market(engine.table.index(signal.instrument_id))
        intent_id = engine.ids.next_id("intent")
        slippage = None if config.entries_at_market else config.entry_slippage_ppm
        self._judge(entry_intent(intent_id, identity, signal, market, slippage))

    def _judge(self, intent: Intent) -> None:
        engine = self._engine
        engine.timers_changed()
        index = engine.table.index(intent.instrument_id)
        account = engine.keeper.account(engine.now_ns)
        is_entry = intent.purpose is Purpose.ENTRY
        market = engine.keeper.market(index) if is_entry else None
        verdict = engine.risk.judge(intent, account, market)
        identity = intent.decision_id
        self.emit(RiskJudged(at_ns=engine.now_ns, decision_id=identity, verdict=verdict))
        if isinstance(verdict, Approved):
            rate = engine.rates.rate(engine.table[index].quote) or 0
            effects = engine.execution.on_approved(verdict, account, engine.now_ns, quote_rate=rate)
        else:
            engine.memory.counters.refuse(str(verdict.code))
            self.emit(
                SignalRejected(
                    at_ns=engine.now_ns,
                    decision_id=identity,
                    instrument_id=intent.instrument_id,
                    code=verdict.code,
                    reason=verdict.reason,
                )
            )
            effects = engine.execution.on_refused(verdict, engine.now_ns)
        self._emit_execution(effects)

    def _emit_execution(self, effects: Sequence[Effect]) -> None:
        counters = self._engine.memory.counters
        for effect in effects:
            if isinstance(effect, SignalRejected):
                counters.reject(effect.code)
            elif isinstance(effect, ExecutionValidationFailed):
                counters.reject(effect.check)
            elif isinstance(effect, OrderFailed):
                counters.reject(effect.reason.partition(":")[0])
            self.emit(effect)

    def _book(self, fill: Fill) -> None:
        engine = self._engine
        engine.memory.counters.fills += 1
        if engine.on_fill is not None:
            engine.on_fill(fill)
        for event in engine.ledger.apply_fill(fill, engine.rates.rates()).events:
            self.emit(event)
            if isinstance(event, PositionOpened):
                engine.keeper.count_trade(engine.now_ns)
            elif isinstance(event, PositionClosed):
                self._count_closed(event)

    def _count_closed(self, closed: PositionClosed) -> None:
        engine, counters = self._engine, self._engine.memory.counters
        counters.trades += 1
        counters.wins += closed.pnl.amount > 0
        counters.long_trades += closed.side is Side.BUY
        counters.short_trades += closed.side is Side.SELL
        for event in engine.risk.on_position_closed(closed):
            self.emit(event)

    def _follow_positions(self) -> None:
        # Two watches for each open position and none for others: a trail of its own distance, that
        # also knows the best price, and the level of its planned stop.
        engine = self._engine
        wanted = {
            watched: position.side
            for position in engine.ledger.positions
            for watched in self._watches_of(position.strategy, position.instrument_id)
        }
        for watch_id, watched in list(engine.memory.watches.items()):
            if wanted.pop(watched, None) is None:
                engine.flow.unwatch(watch_id)
                del engine.memory.watches[watch_id]
        for watched, side in wanted.items():
            self._watch(watched, side)

    def _watches_of(
        self, strategy: StrategyId, instrument_id: InstrumentId
    ) -> Iterator[WatchedPosition]:
        protection = self._engine.execution.protection(strategy, instrument_id)
        index = self._engine.table.index(instrument_id)
        if not protection.planned_ticks:
            return  # a position without a stop has nothing that follows the price
        trail_ppm = protection.trail_ppm or _WIDEST_TRAIL_PPM
        yield WatchedPosition(strategy, instrument_id, index, trail_ppm)
        yield WatchedPosition(strategy, instrument_id, index, 0, protection.planned_ticks)

    def _watch(self, watched: WatchedPosition, side: Side) -> None:
        engine, is_long = self._engine, side is Side.BUY
        if watched.stop_ticks:
            kind = WatchKind.FALLS_TO if is_long else WatchKind.RISES_TO
            level = watched.stop_ticks
        else:
            kind = WatchKind.TRAIL_LONG if is_long else WatchKind.TRAIL_SHORT
            level = engine.flow[watched.index].last_ticks
        watch_id = engine.memory.next_watch
        engine.flow.watch(watched.index, watch_id, kind, level, watched.trail_ppm)
        engine.memory.watches[watch_id] = watched
        engine.memory.next_watch += 1
