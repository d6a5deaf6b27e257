"""A flow state of a small market, and a report of it."""

import numpy as np
import pytest

from undertow.cli.flow_view.chosen_symbol import chosen_symbol
from undertow.cli.flow_view.flow_report import FlowReport, flow_report
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

MINUTES = 35


@pytest.fixture(scope="session")
def state() -> FlowState:
    config = MarketConfig(assets=("BTC", "ETH"), venues=("aster", "borea"), block_ns=10 * 10**9)
    market = SyntheticMarket(config, np.random.default_rng(5))
    found = FlowState(market.table, market.sources)
    for _ in range(MINUTES * 6):
        rows, done = market.next_block(), 0
        while done < len(rows):
            done = found.advance(rows, done, len(rows), 2**62)
    return found


@pytest.fixture(scope="session")
def table(state: FlowState) -> InstrumentTable:
    return InstrumentTable(state[index].instrument for index in range(len(state)))


@pytest.fixture(scope="session")
def report(state: FlowState, table: InstrumentTable) -> FlowReport:
    return flow_report(state, chosen_symbol(table, "BTC"))


@pytest.fixture(scope="session")
def broken_report(state: FlowState, table: InstrumentTable) -> FlowReport:
    """The same with a source reported down."""
    names = [state.source(place).name for place in range(4)]
    copy = FlowState(table, names, state.config)
    copy.restore(state.snapshot())
    copy.set_source_health(names.index("borea.perp"), is_healthy=False)
    return flow_report(copy, chosen_symbol(table, "BTC"))
