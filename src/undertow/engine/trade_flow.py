"""From decisions to orders and from fills to books: the road every signal and every fill takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from undertow.decision.decision import Decision
from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import Effect
from undertow.domain.event import (
    DecisionMade,
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
from undertow.engine.engine_memory import WatchedPosition
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
            if isinstance(effect, OrderFailed):
                counters.reject(effect.reason.partition(":")[0])
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
                    error=failure.error,
                    is_critical=failure.is_suspended,
                )
            )
        for decision in decisions:
            self._record(decision)
            if decision.signal is not None:
                self._act(decision, decision.signal)

    def absorb(self, outcome: Outcome) -> None:
        """Carry out what execution gave: effects, fills into the books, intents through risk."""
        self._engine.timers_changed()
        for effect in outcome.effects:
            self.emit(effect)
        for fill in outcome.fills:
            self._book(fill)
        for intent in outcome.intents:
            self._judge(intent)
        self._follow_positions()

    def on_touch(self, touch: Touch) -> None:
        """A trail watch of a position was touched: its stop must be at work by now."""
        engine = self._engine
        engine.timers_changed()
        watched = engine.memory.watches.pop(touch.watch_id, None)
        if watched is None:
            return
        name = (watched.strategy, watched.instrument_id)
        extreme = touch.extreme_ticks or touch.ticks
        self.absorb(engine.execution.on_extreme(*name, extreme, engine.now_ns))
        self.absorb(engine.execution.on_stop_touched(*name, engine.now_ns))
        self._follow_positions()

    def follow_prices(self) -> None:
        """Tell execution the best price of each position, so that its stop can follow."""
        engine = self._engine
        for watch_id, watched in list(engine.memory.watches.items()):
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
            market = engine.keeper.market(engine.table.index(signal.instrument_id))
            intent_id = engine.ids.next_id("intent")
            slippage = engine.config.entry_slippage_ppm
            self._judge(entry_intent(intent_id, identity, signal, market, slippage))
            return
        name = (signal.strategy, signal.instrument_id)
        position = engine.keeper.position(*name)
        if position is None:
            return
        if signal.action is Action.TIGHTEN:
            tightened = engine.execution.tighten(*name, signal.trail_ppm, engine.now_ns)
            self.absorb(tightened)
        elif signal.action is Action.EXIT:
            intent_id = engine.ids.next_id("intent")
            reason = signal.reason
            self._judge(closing_intent(intent_id, identity, position, Purpose.EXIT, reason))

    def _judge(self, intent: Intent) -> None:
        engine = self._engine
        engine.timers_changed()
        index = engine.table.index(intent.instrument_id)
        account = engine.keeper.account(engine.now_ns)
        market = engine.keeper.market(index)
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
        for effect in effects:
            self.emit(effect)

    def _book(self, fill: Fill) -> None:
        engine = self._engine
        engine.memory.counters.fills += 1
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
        events = engine.risk.on_position_closed(
            closed.strategy, closed.instrument_id, closed.pnl, engine.now_ns
        )
        for event in events:
            self.emit(event)

    def _follow_positions(self) -> None:
        # Each open position has one trail watch of its own trailing distance; others have none.
        engine = self._engine
        held = {(p.strategy, p.instrument_id) for p in engine.ledger.positions}
        for watch_id, watched in list(engine.memory.watches.items()):
            key = (watched.strategy, watched.instrument_id)
            if key not in held or watched.trail_ppm != self._trail_ppm(*key):
                engine.flow.unwatch(watch_id)
                del engine.memory.watches[watch_id]
        watched_keys = {(w.strategy, w.instrument_id) for w in engine.memory.watches.values()}
        for position in engine.ledger.positions:
            key = (position.strategy, position.instrument_id)
            if key not in watched_keys:
                self._watch(*key, position.side)

    def _watch(self, strategy: StrategyId, instrument_id: InstrumentId, side: Side) -> None:
        engine = self._engine
        index = engine.table.index(instrument_id)
        watch_id = engine.memory.next_watch
        trail_ppm = self._trail_ppm(strategy, instrument_id)
        kind = WatchKind.TRAIL_LONG if side is Side.BUY else WatchKind.TRAIL_SHORT
        engine.flow.watch(index, watch_id, kind, engine.flow[index].last_ticks, trail_ppm)
        engine.memory.watches[watch_id] = WatchedPosition(strategy, instrument_id, index, trail_ppm)
        engine.memory.next_watch += 1

    def _trail_ppm(self, strategy: StrategyId, instrument_id: InstrumentId) -> int:
        protection = self._engine.execution.protection(strategy, instrument_id)
        return protection.trail_ppm or _WIDEST_TRAIL_PPM
