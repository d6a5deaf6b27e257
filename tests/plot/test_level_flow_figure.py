from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot import level_flows
from undertow.plot.drawing import Columns


def test_each_span_has_its_levels(perp: InstrumentFlow, marks_of: Any) -> None:
    ten, sixty = level_flows(perp, (10, 60)).drawing.panels
    for panel, seconds in ((ten, 10), (sixty, 60)):
        (columns,) = marks_of(panel, Columns)
        assert columns.heights.tolist() == perp.multi_level_ofi(seconds).tolist()
        assert panel.y_label == f"{seconds} s (lots)"


def test_without_a_book_it_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="synced book"):
        level_flows(FlowState(table, ["one"])[0])
