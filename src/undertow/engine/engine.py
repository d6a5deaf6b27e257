"""The engine: one synchronous step from inputs to effects.

Rules:
* The state is a function of the sequence of inputs and of nothing else. Market rows may come in
  slices of any size: the same sequence gives the same state and the same effects.
* The engine's time is the receive time of the input being handled, never decreasing. Timers fire
  at their due time, before the first input at or after it.
* Order inside an instant: what a row woke (watches, then bars), then timers (clock, order
  time-outs, stops, review, checks).
* Where fills were booked the invariants are asserted: filled + remaining = ordered, postings
  balance, positions equal the sum of fills. A broken one raises, and trading stops.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from undertow.decision.decision import Decision
from undertow.decision.host import StrategyHost
from undertow.decision.strategy import Strategy
from undertow.domain.bar import TIMEFRAME_NAMES, Bar
from undertow.domain.command import EngageKillSwitch, FlattenAll, OperatorCommand
from undertow.domain.engine_input import (
    ClockAdvanced,
    Effect,
    Input,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.event import (
    CandleCompleted,
    MarketDataConnectionLost,
    MarketDataConnectionRestored,
)
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.domain.report import FundingSettled
from undertow.domain.time import NS_PER_S
from undertow.engine.account_keeper import AccountKeeper
from undertow.engine.currency_rates import CurrencyRates
from undertow.engine.engine_config import EngineConfig
from undertow.engine.engine_memory import EngineMemory
from undertow.engine.foresight import Foresight
from undertow.engine.trade_flow import TradeFlow
from undertow.execution.desk import ExecutionDesk
from undertow.flow.flow_state import FlowState
from undertow.ledger.fill import Fill
from undertow.ledger.ledger import Ledger
from undertow.risk.desk import RiskDesk
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.run_ids import RunIds
from undertow.timeline.snapshot import PartBytes

_VERSION = 1
_NEVER_NS = 2**63 - 1
_NEVER_SILENT_NS = 366 * 86_400 * NS_PER_S
"""A source that may be silent for longer is not watched (recorded bars come once a bar)."""

_MEMORY: ExactDecoder[EngineMemory] = ExactDecoder(EngineMemory)


class Engine:
    """Flow, strategies, risk, execution and ledger of one run, wired."""

    def __init__(
        self,
        config: EngineConfig,
        table: InstrumentTable,
        sources: Sequence[str],
        strategies: Sequence[Strategy],
        ids: RunIds,
    ) -> None:
        self.config = config
        self.table = table
        self.sources = tuple(sources)
        self.ids = ids
        self.flow = FlowState(table, sources, config.flow)
        self.host = StrategyHost(
            strategies, table, self.flow, ids, recording=config.record_decisions
        )
        self.risk = RiskDesk(config.limits, table)
        self.execution = ExecutionDesk(table, ids, config.execution)
        leverage = {
            row.instrument_id: min(row.max_leverage, config.limits.max_leverage) for row in table
        }
        self.ledger = Ledger(table, config.reporting_currency, leverage)
        self.rates = CurrencyRates(table, self.flow, config.reporting_currency, config.pegs)
        self.keeper = AccountKeeper(table, self.flow, self.ledger, self.execution, self.rates)
        self.memory = EngineMemory(run=ids.run, healthy=[True] * len(self.sources))
        self.on_fill: Callable[[Fill], None] | None = None
        """Told every fill before it is booked; for who keeps score beside the ledger."""
        self._trade = TradeFlow(self)
        self._foresight = Foresight(self) if config.looks_ahead else None
        self._beat_ns = config.review_every_s * NS_PER_S
        self._follow_ns = config.follow_every_s * NS_PER_S
        self._can_fall_silent = config.flow.source_timeout_ns < _NEVER_SILENT_NS
        self._least_candle_s = config.least_candle_s or _NEVER_NS
        self._due_ns = 0
        strangers = sorted(set(config.wallets) - set(table.venues))
        if strangers:
            raise ConfigurationError(
                f"expected wallets at {', '.join(table.venues)}, found one at {strangers[0]}"
            )
        # Sorted, because a configuration read back from a journal has another order of keys.
        for venue, wallet in sorted(config.wallets.items()):
            for currency, text in sorted(wallet.items()):
                self.ledger.deposit(venue, Money.of(text, currency))

    @property
    def now_ns(self) -> int:
        """The engine's time."""
        return self.memory.now_ns

    @property
    def next_due_ns(self) -> int:
        """When the engine acts by itself next; a driver that knows the time passes it on then."""
        return self._due()

    def advance(self, events: EventArray, start: int, stop: int) -> int:
        """Apply market rows [start, stop) of an array until a command is to be sent.

        Returns the index of the first row that was not applied; drain the effects, send the
        commands, and call again with the rest.
        """
        position = start
        if start < stop and not self.memory.now_ns:
            # Timers lie after the first thing that is ever heard.
            self.memory.now_ns = int(events[start]["receive_time_ns"])
        flow, memory, trade = self.flow, self.memory, self._trade
        while position < stop:
            before = position
            position = self._foresee(events, position, stop)
            if position > before:
                if trade.has_commands:
                    break
                continue
            position = flow.advance(events, position, stop, self._due_ns or self._due())
            if position > before:
                memory.counters.rows += position - before
                memory.now_ns = max(memory.now_ns, flow.now_ns)
                if self._on_wakes():
                    # A timer that is due before the next row stops the flow there once more.
                    if trade.has_commands:
                        break
                    continue
            if position < stop and int(events[position]["receive_time_ns"]) >= self._due():
                self._fire(self._due())
                if trade.has_commands:
                    break
        return position

    def _foresee(self, events: EventArray, start: int, stop: int) -> int:
        if self._foresight is None:
            return start
        return self._foresight.run(events, start, stop, self._due_ns or self._due())

    def passed(self, rows: int) -> None:
        """So many rows were applied to the flow without waking anybody."""
        self.memory.counters.rows += rows
        self.memory.now_ns = max(self.memory.now_ns, self.flow.now_ns)

    def carry_out(self, decisions: Sequence[Decision]) -> None:
        """Record decisions of the host and act on them."""
        self._trade.decide(decisions)

    def step(self, item: Input) -> None:
        """Handle any input that is not market rows; its effects wait in `drain`."""
        while self._due() <= item.receive_time_ns:
            self._fire(self._due())
        self.memory.now_ns = max(self.memory.now_ns, item.receive_time_ns)
        self.memory.counters.inputs += not isinstance(item, ClockAdvanced)
        match item:
            case ReportReceived():
                self._on_report(item)
            case OperatorCommanded():
                self._on_operator(item.command)
            case SourceChanged():
                self._on_source(item)
            case ClockAdvanced():
                self.flow.advance_clock(self.now_ns)
                self._on_wakes()
        self._due_ns = 0

    def timers_changed(self) -> None:
        """An order or a watch came or went: when something is due must be found anew."""
        self._due_ns = 0

    def drain(self) -> list[Effect]:
        """Effects since the last drain, in order."""
        return self._trade.drain()

    def begin_run(self, run: int) -> None:
        """Ids belong to this run from now on; a restart goes over to a later one."""
        if run != self.ids.run:
            self.ids.begin_run(run)
        self.memory.run = run

    def check(self) -> None:
        """Assert the invariants of books and orders; raises `InvariantBroken`."""
        self.execution.check(self.ledger.positions)
        self.ledger.check()

    def warm_up(self, events: EventArray) -> None:
        """Learn from history: flow and indicators see it, no strategy decides, nothing trades."""
        position = 0
        while position < len(events):
            position = self.flow.advance(events, position, len(events), _NEVER_NS)
            self.memory.now_ns = max(self.memory.now_ns, self.flow.now_ns)
            for bar in self.flow.closed_bars():
                self.host.learn(bar)

    def state_hash(self) -> str:
        """Digest of the whole state in hex, the same however the input was cut into slices."""
        digest = hashlib.blake2b(self.flow.digest(), digest_size=16)
        for part in self._parts().values():
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
        return digest.hexdigest()

    def snapshot(self) -> dict[str, PartBytes]:
        """Everything, in named parts."""
        return {"flow": self.flow.snapshot(), **self._parts()}

    def restore(self, parts: Mapping[str, PartBytes]) -> None:
        """Go on from a snapshot of an engine of the same configuration."""
        missing = sorted({"flow", *self._parts()} - set(parts))
        if missing:
            raise SnapshotCorrupt(f"expected the parts of an engine, found none of {missing}")
        self.ids.restore(parts["ids"])
        self.flow.restore(parts["flow"])
        if self._foresight is not None:
            self._foresight.forget()
        self.host.restore(parts["host"])
        self.risk.restore(parts["risk"])
        self.execution.restore(parts["execution"])
        self.ledger.restore(parts["ledger"])
        self.keeper.restore(parts["keeper"])
        self.memory = _MEMORY.decode(parts["engine"])
        self._due_ns = 0

    def _parts(self) -> dict[str, bytes]:
        return {
            "engine": encode_exact(self.memory),
            "ids": self.ids.snapshot(),
            "host": self.host.snapshot(),
            "risk": self.risk.snapshot(),
            "execution": self.execution.snapshot(),
            "ledger": self.ledger.snapshot(),
            "keeper": self.keeper.snapshot(),
        }

    def _due(self) -> int:
        # The next time at which something happens by itself; 0 means it must be found anew.
        if not self._due_ns:
            now = self.memory.now_ns
            if not now:
                return _NEVER_NS
            due = min(self.host.next_check_ns(now), max(self.execution.next_timer_ns, now))
            if self._is_beat_needed:
                due = min(due, _after(now, self._beat_ns))
            if self.memory.watches:
                due = min(due, _after(now, self._follow_ns))
            self._due_ns = due
        return self._due_ns

    @property
    def _is_beat_needed(self) -> bool:
        # Where no source can fall silent, and nothing is held, a review would find nothing.
        return bool(self._can_fall_silent or self.ledger.positions or self.risk.state.is_killed)

    def _fire(self, due_ns: int) -> None:
        memory = self.memory
        memory.now_ns = max(memory.now_ns, due_ns)
        self.flow.advance_clock(memory.now_ns)
        self._on_wakes()
        if self.execution.next_timer_ns <= memory.now_ns:
            self._trade.absorb(self.execution.on_timer(memory.now_ns))
        self._trade.follow_prices()
        if memory.now_ns % self._beat_ns == 0 and memory.beat_ns != memory.now_ns:
            memory.beat_ns = memory.now_ns
            self._beat()
        decisions = self.host.on_check(memory.now_ns, self.keeper.position)
        if decisions or self.host.has_news:
            self._trade.decide(decisions)
        self._due_ns = 0

    def _beat(self) -> None:
        self._watch_health()
        if self.ledger.positions or self.risk.state.is_killed:
            self._trade.review()

    def _on_wakes(self) -> bool:
        # Whether anything woke the engine.
        touched, closed = self.flow.touched(), self.flow.closed_bars()
        for touch in touched:
            self._trade.on_touch(touch)
        for bar in closed:
            self._on_bar(bar)
        return bool(touched or closed)

    def _on_bar(self, bar: Bar) -> None:
        if bar.timeframe_s >= self._least_candle_s:
            self._trade.emit(self._candle(bar))
        decisions = self.host.on_bar(bar, self.keeper.position, self.memory.now_ns)
        if decisions or self.host.has_news:
            self._trade.decide(decisions)

    def _on_report(self, item: ReportReceived) -> None:
        if isinstance(item.report, FundingSettled):
            for event in self.ledger.apply_funding(item.report).events:
                self._trade.emit(event)
        fills = self.memory.counters.fills
        self._trade.absorb(self.execution.on_report(item.report, self.now_ns))
        if self.memory.counters.fills != fills:
            self.execution.check(self.ledger.positions)
            self.ledger.check_in_turn()
        elif isinstance(item.report, FundingSettled):
            self.ledger.check()

    def _on_operator(self, command: OperatorCommand) -> None:
        for event in self.risk.on_operator(command, self.now_ns):
            self._trade.emit(event)
        if isinstance(command, EngageKillSwitch | FlattenAll):
            words = f"{type(command).__name__}: {command.reason}"
            self._trade.absorb(self.execution.flatten_all(words, self.now_ns))

    def _on_source(self, item: SourceChanged) -> None:
        self.flow.set_source_health(self.sources.index(item.source), is_healthy=item.is_healthy)
        self._watch_health(item.reason)

    def _watch_health(self, reason: str = "silent") -> None:
        for index, name in enumerate(self.sources):
            is_healthy = self.flow.source(index).is_healthy
            if is_healthy == self.memory.healthy[index]:
                continue
            self.memory.healthy[index] = is_healthy
            if is_healthy:
                self._trade.emit(MarketDataConnectionRestored(at_ns=self.now_ns, source=name))
                continue
            lost = MarketDataConnectionLost(at_ns=self.now_ns, source=name, reason=reason)
            self._trade.emit(lost)
            venue = name.partition(".")[0]
            self._trade.absorb(self.execution.on_venue_lost(venue, self.now_ns))

    def _candle(self, bar: Bar) -> CandleCompleted:
        instrument = self.table[bar.instrument]
        price, qty = instrument.price_text, instrument.qty_text
        return CandleCompleted(
            at_ns=self.now_ns,
            instrument_id=instrument.instrument_id,
            timeframe=TIMEFRAME_NAMES[bar.timeframe_s],
            open_time_ns=bar.open_time_ns,
            open=price(bar.open_ticks),
            high=price(bar.high_ticks),
            low=price(bar.low_ticks),
            close=price(bar.close_ticks),
            volume=qty(bar.volume_lots),
            buy_volume=qty(bar.buy_lots),
        )


def _after(now_ns: int, period_ns: int) -> int:
    # The first time after now on the grid of that period; never now itself.
    return (now_ns // period_ns + 1) * period_ns
