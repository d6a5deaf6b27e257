"""A grid of three minutes filled by hand."""

import numpy as np
import pytest

from undertow.backtest.price_grid import MOST_CELLS, PriceGrid, grid_step_s
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventKind

S = 1_000_000_000


@pytest.fixture
def grid() -> PriceGrid:
    step = Step(1, 1)
    row = Instrument("A/USDT", "x", "A", MarketKind.SPOT, "A", "USDT", "USDT", step, step)
    made = PriceGrid(InstrumentTable([row]), (600 * S, 780 * S), 60)
    rows = np.zeros(3, EVENT)
    rows["kind"] = EventKind.TRADE
    rows["event_time_ns"] = [610 * S, 660 * S, 730 * S]
    rows["price_ticks"] = [100, 130, 90]
    made.add(rows)
    return made


def test_the_last_price_known_is_carried_on(grid: PriceGrid) -> None:
    assert grid.times_ns().tolist() == [600 * S, 660 * S, 720 * S, 780 * S]
    assert grid.closes(0).tolist() == [13.0, 13.0, 13.0, 9.0]
    assert grid.closes(0, every=2).tolist() == [13.0, 13.0, 9.0]


def test_a_range_holds_whole_cells(grid: PriceGrid) -> None:
    assert grid.range(0, 605 * S, 770 * S) == (10.0, 13.0)
    assert grid.range(0, 605 * S, 781 * S) == (10.0, 13.0)
    assert all(np.isnan(grid.range(0, 700 * S, 710 * S)))


def test_cells_are_as_fine_as_memory_allows() -> None:
    assert grid_step_s(86_400, 1, MOST_CELLS) == 1
    assert grid_step_s(366 * 86_400, 60, MOST_CELLS) == 60
    assert grid_step_s(366 * 86_400, 60, 50_000) == 900
    assert grid_step_s(10**12, 1, 10) == 604_800
