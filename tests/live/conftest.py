"""A small embedded market for paper runs, quick enough to start many times."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.cli.strategy_catalog import find
from undertow.decision.strategy import Strategy
from undertow.engine.engine_config import EngineConfig
from undertow.live.paper_run import PaperPlan, PaperRun
from undertow.live.paper_session import PaperSettings
from undertow.risk.limits import RiskLimits
from undertow.simulator.market.market_config import MarketConfig
from undertow.timeline.clock import ManualClock

SETTINGS = PaperSettings(
    seed=3,
    warm_up_s=5,
    market=MarketConfig(assets=("BTC", "ETH"), venues=("aster", "borea")),
    engine=EngineConfig(limits=RiskLimits(loss_streak=0, max_positions=10)),
)


def flipper() -> Strategy:
    return find(f"{Path(__file__).with_name('flipper.py')}:Flipper")()


def plan(seconds: float | None, **changes: object) -> PaperPlan:
    chosen = {"speed": None, "duration_s": seconds, "checkpoint_every_s": 20, **changes}
    return PaperPlan(settings=SETTINGS, config="a test", version="0", **chosen)  # type: ignore[arg-type]


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., PaperRun]:
    def make(seconds: float | None, home: Path | None = None, **changes: object) -> PaperRun:
        return PaperRun(
            plan(seconds, **changes), [flipper()], home or tmp_path / "home", ManualClock()
        )

    return make


@pytest.fixture
def finish() -> Callable[[PaperRun], PaperRun]:
    def run(paper: PaperRun) -> PaperRun:
        paper.open()
        asyncio.run(paper.run())
        paper.close("test")
        return paper

    return run
