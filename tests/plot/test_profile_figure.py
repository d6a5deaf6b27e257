from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.volume_profile import volume_profile
from undertow.plot import profile
from undertow.plot.drawing import Level, Region, Rows


def test_rows_and_levels_are_the_profile(perp: InstrumentFlow, marks_of: Any) -> None:
    drawing = profile(perp, 15).drawing
    row_ticks, lots = perp.price_volume(15)
    found = volume_profile(row_ticks, lots)
    assert found is not None
    assert drawing.side is not None
    (rows,) = marks_of(drawing.side, Rows)
    assert rows.lengths.tolist() == lots.tolist()
    share = lots[rows.is_emphasised].sum() / lots.sum()
    assert 0.7 <= share < 1.0
    levels = {mark.label: mark.y for mark in marks_of(drawing.panels[0], Level)}
    assert levels["value low"] < levels["point of control"] < levels["value high"]
    (area,) = marks_of(drawing.panels[0], Region)
    assert (area.y0, area.y1) == (levels["value low"], levels["value high"])


def test_nothing_traded_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="found none"):
        profile(FlowState(table, ["one"])[0])
