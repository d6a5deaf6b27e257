import numpy as np
import pytest

from undertow.cli.flow_view.chosen_symbol import chosen_symbol
from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.told_levels import (
    profile_steps,
    told_levels,
    told_profile,
    told_structure,
    told_walls,
)
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.change_of_character import change_of_character
from undertow.flow.flow_state import FlowState
from undertow.flow.volume_profile import volume_profile


def test_the_profile_is_that_of_the_instrument(report: FlowReport, state: FlowState) -> None:
    told = report.profile
    assert told is not None
    flow = state[chosen_symbol(_table(state), "BTC").index]
    ticks, lots = flow.price_volume(15)
    found = volume_profile(ticks, lots)
    assert found is not None
    assert told.poc == pytest.approx(flow.instrument.price_float(found.poc_ticks))
    assert sum(row[1] for row in told.rows) == lots.sum()
    assert told.val < told.poc < told.vah


def _table(state: FlowState) -> InstrumentTable:
    return InstrumentTable(state[index].instrument for index in range(len(state)))


@pytest.mark.parametrize("most", [1, 3, 8, 500])
def test_steps_hold_everything_once(most: int, report: FlowReport) -> None:
    told = report.profile
    assert told is not None
    steps = profile_steps(told, most)
    assert len(steps) <= most
    assert sum(step[2] for step in steps) == pytest.approx(sum(row[1] for row in told.rows))
    assert sum(step[4] for step in steps) == 1
    lows = [step[0] for step in steps]
    assert lows == sorted(lows, reverse=True)


def test_structure_is_that_of_the_minutes(report: FlowReport, state: FlowState) -> None:
    flow = state[chosen_symbol(_table(state), "BTC").index]
    found = change_of_character(flow.bars(60, 360))
    assert report.structure.trend == found.trend
    assert report.structure.break_age == found.age_bars
    if found.level_ticks is not None:
        assert report.structure.changes_at == flow.instrument.price_float(found.level_ticks)


def test_walls_rest_and_are_not_brand_new(report: FlowReport) -> None:
    for wall in report.walls:
        assert wall.age_s >= 3
        assert np.sign(wall.distance_bps) == (-1 if wall.side == "bid" else 1)


def test_before_any_row(table: InstrumentTable) -> None:
    flow = FlowState(table, ["one"])[0]
    assert told_profile(flow) is None
    assert (told_walls(flow), told_levels(flow, ())) == ((), ())
    assert told_structure(flow).trend == 0


def test_levels_are_the_nearest_magnetic_ones(report: FlowReport, state: FlowState) -> None:
    flow = state[chosen_symbol(_table(state), "BTC").index]
    prices = [level.price for level in report.levels]
    assert prices == sorted(prices, reverse=True)
    assert 2 <= len(prices) <= 6
    for level in report.levels:
        assert (level.side == "above") == (level.price > flow.mid_price)
        assert (level.distance_bps > 0.0) == (level.side == "above")
        assert 0.0 < level.strength <= 1.0
        assert level.kind
