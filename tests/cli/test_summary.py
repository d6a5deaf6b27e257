import json
from typing import Any

import numpy as np
import pytest

from undertow.cli.summary import engine_summary, ledger_balanced
from undertow.domain.errors import InvariantBroken
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.strategies.ema_cross import EmaCross
from undertow.timeline.run_ids import RunIds


@pytest.fixture
def engine() -> Engine:
    market = SyntheticMarket(
        MarketConfig(assets=("BTC",), venues=("aster",)), np.random.default_rng(1)
    )
    config = EngineConfig(wallets={"aster": {"USDT": "10000.50"}})
    engine = Engine(config, market.table, market.sources, [EmaCross()], RunIds(1))
    for _ in range(70):
        rows: Any = market.next_block()
        assert engine.advance(rows, 0, len(rows)) == len(rows)
    engine.memory.counters.refuse("paused")
    engine.memory.counters.refuse("cooldown")
    return engine


def test_it_says_what_happened_and_goes_through_json(engine: Engine) -> None:
    summary = engine_summary(engine, 2.0)
    assert json.loads(json.dumps(summary)) == summary
    assert summary["inputs"] == engine.memory.counters.rows > 1_000
    assert (summary["final_equity"], summary["currency"]) == ("10000.5", "USDT")
    assert summary["refused"] == {"cooldown": 1, "paused": 1}
    assert list(summary["refused"]) == ["cooldown", "paused"]
    assert summary["ledger_balanced"] is True
    assert summary["open_positions"] == 0
    assert summary["funnel"]["ema_cross"]["evaluations"] > 0


def test_telling_changes_nothing(engine: Engine) -> None:
    before = engine.state_hash()
    assert engine_summary(engine, 1.0)["state_hash"] == before == engine.state_hash()


def test_the_rate_counts_this_runs_rows_only(engine: Engine) -> None:
    rows = engine.memory.counters.rows
    assert engine_summary(engine, 2.0)["events_per_s"] == round(rows / 2)
    assert engine_summary(engine, 0.5, rows - 100)["events_per_s"] == 200
    assert engine_summary(engine, 0.0)["events_per_s"] == 0


def test_books_that_do_not_fit_are_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise InvariantBroken("expected the books in USDT to be 0, found 1")

    assert ledger_balanced(engine)
    monkeypatch.setattr(engine, "check", fail)
    assert engine_summary(engine, 1.0)["ledger_balanced"] is False
