"""A small deterministic world: one invented venue, and a strategy that trades often."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.command import Command
from undertow.domain.engine_input import Effect, Input
from undertow.domain.event import Event
from undertow.domain.intent import Signal
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.engine.conductor import Conductor
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.risk.limits import RiskLimits
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds

MARKET = MarketConfig(assets=("BTC", "ETH"), venues=("aster",))
CONFIG = EngineConfig(wallets={"aster": {"USDT": "10000"}}, limits=RiskLimits(loss_streak=0))


class Flipper(Strategy):
    """Long in even minutes, short in odd ones, with a stop 0.2 % away; perps only."""

    timeframe: str = "1s"
    hold_s: int = 7

    def wants(self, instrument: object) -> bool:
        return bool(instrument.is_perp)  # type: ignore[attr-defined]  # an Instrument

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        second = bar.open_time_ns // 10**9
        if ctx.position is not None:
            return ctx.exit("time") if second % self.hold_s == 0 else None
        side = Side.BUY if second // 60 % 2 == 0 else Side.SELL
        if second % self.hold_s == 3 and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price * (1 - side * 0.002), trail_ppm=2_000)
        return None


class Tape:
    """A record in memory: what was kept, in order, and how much of it was made durable."""

    def __init__(self) -> None:
        self.kept: list[tuple[FrameKind, Any]] = []
        self.durable = 0

    def append_market(self, rows: EventArray) -> None:
        self.kept.append((FrameKind.MARKET, rows.copy()))

    def append_input(self, value: Input) -> None:
        self.kept.append((FrameKind.INPUT, value))

    def append_event(self, value: Event) -> None:
        self.kept.append((FrameKind.EVENT, value))

    def append_commands(self, commands: Sequence[Command]) -> None:
        self.kept += [(FrameKind.COMMAND, command) for command in commands]
        self.durable = len(self.kept)

    def records(self) -> list[JournalRecord]:
        """As a journal would give them back."""
        return [
            JournalRecord(kind, sequence, 0, _read_back(value))
            for sequence, (kind, value) in enumerate(self.kept, 1)
        ]


def _read_back(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value
    return ExactDecoder(type(value)).decode(encode_exact(value))


class Checker(Strategy):
    """Acts on timers: every second it turns round what it holds in ETH perps."""

    check_every_ns: int = 1_000_000_000

    def wants(self, instrument: object) -> bool:
        return str(instrument.symbol) == "ETH/USDT:USDT"  # type: ignore[attr-defined]  # Instrument

    def on_check(self, ctx: Context) -> Signal | None:
        if ctx.position is not None:
            return ctx.exit("turn")
        if ctx.can_enter(Side.BUY):
            return ctx.enter(Side.BUY, stop=ctx.price * 0.996)
        return None


class Paper:
    """Engine and world together, with everything the engine ever said."""

    def __init__(
        self,
        strategies: Sequence[Strategy] | None = None,
        config: EngineConfig = CONFIG,
        market: MarketConfig = MARKET,
    ) -> None:
        self.market = SyntheticMarket(market, np.random.default_rng(11))
        table = self.market.table
        cash = [Money.of("10000", "USDT")]
        self.exchange = Exchange("aster", table, ExchangeConfig(), np.random.default_rng(5), cash)
        self.world = Lockstep(self.market.next_block, {"aster": self.exchange}, ["aster"] * 2)
        chosen = [Flipper()] if strategies is None else strategies
        self.engine = Engine(config, table, self.market.sources, chosen, RunIds(1))
        self.effects: list[Effect] = []
        self.inputs: list[Input | EventArray] = []

    def run(self, seconds: float, most_rows: int = 1 << 30, limit_ns: int = 0) -> "Paper":
        end_ns = self.market.config.start_ns + int(seconds * 1e9)
        while self.world.now_ns < end_ns:
            bound = (
                min(end_ns, self.world.now_ns + limit_ns)
                if limit_ns and self.world.now_ns
                else end_ns
            )
            item = self.world.next_item(bound, self.engine.next_due_ns)
            if isinstance(item, RowSlice):
                stop = min(item.stop, item.start + most_rows)
                stop = self.engine.advance(item.rows, item.start, stop)
                self.inputs.append(item.rows[item.start : stop].copy())
                self.world.consume(stop)
            elif item is not None:
                self.engine.step(item)
                self.inputs.append(item)
            self.send()
        return self

    def conduct(self, seconds: float, tape: "Tape", most_rows: int = 1 << 30) -> "Paper":
        """The same through a conductor."""
        conductor = Conductor(self.engine, tape)
        end_ns = self.market.config.start_ns + int(seconds * 1e9)
        while self.world.now_ns < end_ns:
            item = self.world.next_item(end_ns, self.engine.next_due_ns)
            commands: list[Command] = []
            if isinstance(item, RowSlice):
                part = RowSlice(item.rows, item.start, min(item.stop, item.start + most_rows))
                stop, commands = conductor.take_rows(part)
                self.world.consume(stop)
            elif item is not None:
                commands = conductor.take(item)
            self.world.submit(commands, self.engine.now_ns)
        return self

    def send(self) -> None:
        effects = self.engine.drain()
        self.effects += effects
        commands = [e for e in effects if hasattr(e, "sent_ns")]
        self.world.submit(commands, self.engine.now_ns)  # type: ignore[arg-type]  # by their field

    def named(self, name: str) -> list[Effect]:
        return [effect for effect in self.effects if type(effect).__name__ == name]


@pytest.fixture(scope="session")
def reference() -> Paper:
    """Three minutes, slices as large as they come."""
    return Paper().run(180)


@pytest.fixture(scope="session")
def conducted() -> tuple[Paper, Tape]:
    """Half a minute of a strategy that acts on timers, through a conductor."""
    tape = Tape()
    return Paper([Checker()]).conduct(30, tape), tape


@pytest.fixture
def make_checker() -> Callable[..., Paper]:
    return lambda: Paper([Checker()])


@pytest.fixture
def make_both() -> Callable[[], Paper]:
    return lambda: Paper([Checker(), Flipper()])


@pytest.fixture(scope="session")
def both() -> Paper:
    """A strategy of timers and one of bars together, without any cut."""
    return Paper([Checker(), Flipper()]).run(75)


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
def make_paper() -> Callable[..., Paper]:
    return Paper
