"""A small embedded market for paper runs, quick enough to start many times."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog

from undertow.cli.strategy_catalog import find
from undertow.decision.strategy import Strategy
from undertow.engine.engine_config import EngineConfig
from undertow.live.paper_run import PaperPlan, PaperRun
from undertow.live.paper_session import PaperSession, PaperSettings
from undertow.risk.limits import RiskLimits
from undertow.simulator.market.market_config import MarketConfig
from undertow.timeline.clock import ManualClock

SETTINGS = PaperSettings(
    seed=3,
    warm_up_s=5,
    market=MarketConfig(assets=("BTC", "ETH"), venues=("aster", "borea")),
    engine=EngineConfig(limits=RiskLimits(loss_streak=0, max_positions=10)),
)
WHOLE_S = 90.0


def _drop(*_: object) -> Any:
    raise structlog.DropEvent


@pytest.fixture(autouse=True, scope="session")
def no_log_lines() -> Iterator[None]:
    """What is logged goes nowhere, whoever set up logging before."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    yield
    structlog.reset_defaults()


def flipper() -> Strategy:
    return find(f"{Path(__file__).with_name('flipper.py')}:Flipper")()


def plan(seconds: float | None, **changes: object) -> PaperPlan:
    chosen = {"speed": None, "duration_s": seconds, "checkpoint_every_s": 20, **changes}
    return PaperPlan(settings=SETTINGS, config="a test", version="0", **chosen)  # type: ignore[arg-type]


@pytest.fixture
def make_session() -> Callable[..., PaperSession]:
    def make(**changes: Any) -> PaperSession:
        return PaperSession(msgspec.structs.replace(SETTINGS, **changes), [flipper()], 1)

    return make


@pytest.fixture
def session(make_session: Callable[..., PaperSession]) -> PaperSession:
    """Where the market starts, without a warm-up."""
    session = make_session(warm_up_s=0)
    session.warm_up()
    return session


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., PaperRun]:
    def make(seconds: float | None, home: Path | None = None, **changes: object) -> PaperRun:
        return PaperRun(
            plan(seconds, **changes), [flipper()], home or tmp_path / "home", ManualClock()
        )

    return make


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PaperRun:
    """An uninterrupted run of a minute and a half to compare with; nobody may change its files."""
    home = tmp_path_factory.mktemp("whole")
    paper = PaperRun(plan(WHOLE_S), [flipper()], home, ManualClock())
    paper.open()
    asyncio.run(paper.run())
    paper.close("test")
    return paper


@pytest.fixture
def finish() -> Callable[[PaperRun], PaperRun]:
    def run(paper: PaperRun) -> PaperRun:
        paper.open()
        asyncio.run(paper.run())
        paper.close("test")
        return paper

    return run
