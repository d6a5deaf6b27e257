from collections.abc import Iterator
from typing import Any

import numpy as np

from undertow.cli.app_config import AppConfig, RunSection
from undertow.cli.flow_view.flow_feed import FlowFeed, synthetic_feed
from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

CONFIG = AppConfig(run=RunSection(seed=3), market=MarketConfig(assets=("BTC",), venues=("aster",)))


def test_the_embedded_market_is_that_of_the_seed() -> None:
    feed = synthetic_feed(CONFIG)
    for _ in range(5):
        assert feed.take()
    market = SyntheticMarket(CONFIG.market, np.random.default_rng(3))
    state = FlowState(market.table, market.sources, CONFIG.engine.flow)
    rows = np.concatenate([market.next_block() for _ in range(5)])
    assert state.advance(rows, 0, len(rows), 2**62) == len(rows) == feed.rows
    assert feed.state.digest() == state.digest()
    assert 4.0 < feed.passed_s <= 5.0
    assert feed.name == "embedded market, seed 3"


def _broken(blocks: list[Any]) -> Iterator[Any]:
    yield from blocks
    raise DataError("it broke off")


def test_a_feed_that_breaks_off_says_why(table: InstrumentTable) -> None:
    market = SyntheticMarket(CONFIG.market, np.random.default_rng(3))
    state = FlowState(market.table, market.sources)
    feed = FlowFeed(state, _broken([market.next_block(), market.next_block()]), "a recording")
    assert feed.passed_s == 0.0
    assert [feed.take(), feed.take(), feed.take()] == [True, True, False]
    assert str(feed.failure) == "it broke off"
    assert feed.passed_s > 0.5
    assert len(feed.table) == 2


def test_a_feed_ends(table: InstrumentTable) -> None:
    feed = FlowFeed(FlowState(table, ["one"]), iter(()), "nothing")
    assert not feed.take()
    assert feed.failure is None
