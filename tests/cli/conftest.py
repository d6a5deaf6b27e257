"""A short run on a small market with a planned strategy, journaled: what commands look at.

The plan: on aster's derivative a long that the strategy closes, on borea's a short whose stop is
one tick away and is hit, on aster's spot market an entry whose stop is too far for risk, on borea's
one that the kill switch closes.
"""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.strategy import Strategy
from undertow.domain.command import Command, EngageKillSwitch
from undertow.domain.engine_input import Effect, Input, OperatorCommanded, ReportReceived
from undertow.domain.event import Event
from undertow.domain.intent import Check, Verdict
from undertow.domain.market_event import EventArray
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.risk.limits import RiskLimits
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import START_NS, MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.storage.journal_files import JournalWriter
from undertow.timeline.journal_record import RunEnded, RunStarted
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds

MARKET = MarketConfig(assets=("BTC",), venues=("aster", "borea"))
SECONDS = 110
_ENTER_S, _OPEN_S, _EXIT_S, _KILLED_S = 70, 85, 90, 100
_NEAR_STOP, _FAR_STOP = 0.004, 0.03


class Planned(Strategy):
    """Enters at second 70 of the market and leaves at second 90."""

    check_every_ns: int = 10 * NS_PER_S

    def on_check(self, ctx: Context) -> Decision | None:
        """Act by the plan of the instrument."""
        second = (ctx.now_ns - START_NS) // NS_PER_S
        name = str(ctx.instrument.instrument_id)
        if second == _EXIT_S and ctx.position is not None and name.endswith("USDT@aster"):
            return ctx.decide("exit", (), side=1, signal=ctx.exit("its time was over"))
        if second != _ENTER_S:
            return None
        side = Side.SELL if name == "BTC/USDT:USDT@borea" else Side.BUY
        distance = _FAR_STOP if name == "BTC/USDT@aster" else _NEAR_STOP
        stop = ctx.price + ctx.tick_size if side is Side.SELL else ctx.price * (1 - distance)
        return self._enter(ctx, side, stop)

    def _enter(self, ctx: Context, side: Side, stop: float) -> Decision:
        verdicts = (
            Verdict("liquidity", True, "passed", checks=(Check("spread_bps", True, 1.5, 6.0),)),
            Verdict("imbalance", True, "passed", 0.5, points=1.0, weight=2.0),
            Verdict("zone", False, "too_far", points=0.0, weight=1.5),
        )
        signal = ctx.enter(side, stop=stop, reason="planned", score=1.0, verdicts=verdicts)
        inputs = {"price": ctx.price, "unknown": float("nan")}
        return ctx.decide(
            "enter", verdicts, side=int(side), score=1.0, inputs=inputs, signal=signal
        )


class Kept:
    """A record that journals and remembers, as a driver's does."""

    def __init__(self, journal: JournalWriter) -> None:
        self._journal = journal
        self.recent: deque[Effect | ReportReceived] = deque(maxlen=400)

    def append_market(self, rows: EventArray) -> None:
        self._journal.append_market(rows)

    def append_input(self, value: Input) -> None:
        self._journal.append_input(value)
        if isinstance(value, ReportReceived):
            self.recent.append(value)

    def append_event(self, value: Event) -> None:
        self._journal.append_event(value)
        self.recent.append(value)

    def append_commands(self, commands: Sequence[Command]) -> None:
        self._journal.append_commands(commands)


class SmallRun(msgspec.Struct):
    """The run when it is over."""

    home: Path
    journal: Path
    engine: Engine
    recent: deque[Effect | ReportReceived]


def drive(world: Lockstep, conductor: Conductor, until_ns: int) -> None:
    engine = conductor.engine
    while world.now_ns < until_ns:
        item = world.next_item(until_ns, engine.next_due_ns)
        if item is None:
            continue
        if isinstance(item, RowSlice):
            stop, commands = conductor.take_rows(item)
            world.consume(stop)
        else:
            commands = conductor.take(item)
        world.submit(commands, engine.now_ns)


def started(market: SyntheticMarket) -> RunStarted:
    return RunStarted(
        run=1,
        started_ns=START_NS,
        mode="paper",
        version="0.0.1",
        seed=3,
        config_digest="0badc0de",
        config="{}",
        instruments=tuple(market.table),
        sources=market.sources,
        strategies=("planned",),
    )


def run_in(home: Path, seconds: int) -> SmallRun:
    folder = home / "journal" / "paper"
    market = SyntheticMarket(MARKET, np.random.default_rng(3))
    table = market.table
    cash = [Money.of("10000", "USDT")]
    exchanges = {
        venue: Exchange(venue, table, ExchangeConfig(), np.random.default_rng(place), cash)
        for place, venue in enumerate(table.venues)
    }
    world = Lockstep(market.next_block, exchanges, [s.partition(".")[0] for s in market.sources])
    wallets = {venue: {"USDT": "10000"} for venue in table.venues}
    config = EngineConfig(wallets=wallets, limits=RiskLimits(max_asset_ppm=1_000_000))
    engine = Engine(config, table, market.sources, [Planned()], RunIds(1))
    with JournalWriter(folder, started(market)) as writer:
        kept = Kept(writer)
        conductor = Conductor(engine, kept)
        drive(world, conductor, START_NS + min(seconds, _KILLED_S) * NS_PER_S)
        if seconds > _KILLED_S:
            kill = OperatorCommanded(world.now_ns, EngageKillSwitch("command", "enough"))
            world.submit(conductor.take(kill), engine.now_ns)
            drive(world, conductor, START_NS + seconds * NS_PER_S)
        ended = RunEnded(engine.now_ns, engine.state_hash(), "its time was over", {"fills": 1})
        writer.close(ended)
    return SmallRun(home, folder, engine, kept.recent)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> SmallRun:
    """110 seconds of one asset on two venues."""
    return run_in(tmp_path_factory.mktemp("home"), SECONDS)


@pytest.fixture(scope="session")
def open_run(tmp_path_factory: pytest.TempPathFactory) -> SmallRun:
    """The same at second 85: two positions are open."""
    return run_in(tmp_path_factory.mktemp("home"), _OPEN_S)


@pytest.fixture(scope="session")
def order_of(small_run: SmallRun) -> Callable[[str, str], str]:
    """The client order id of an instrument's order of a purpose."""
    from undertow.cli.why.journal_evidence import index_journal

    orders = index_journal(small_run.journal).orders

    def find(instrument_id: str, purpose: str) -> str:
        return next(
            name
            for name, sent in orders.items()
            if sent.order.instrument_id == instrument_id and sent.order.purpose == purpose
        )

    return find
