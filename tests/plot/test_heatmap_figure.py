from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.magnetic_levels import magnetic_levels
from undertow.plot import heatmap
from undertow.plot.drawing import Curve, Heat, Level, Rows
from undertow.plot.ink import Ink


def test_the_grid_is_the_book_over_time(perp: InstrumentFlow, marks_of: Any) -> None:
    found = perp.heatmap()
    drawing = heatmap(perp, levels=[Level(1.0, "magnet", Ink.MARK)]).drawing
    (panel,) = drawing.panels
    (heat,) = marks_of(panel, Heat)
    assert heat.values.shape == (len(heat.y) - 1, len(heat.x) - 1) == found.lots.T.shape
    assert np.nansum(heat.values**2) == pytest.approx(found.lots.sum())
    assert marks_of(panel, Level)[-1].label == "magnet"
    assert len(marks_of(panel, Level)) == 1 + min(len(perp.walls()), 6)
    (price,) = marks_of(panel, Curve)
    assert price.x[0] >= found.times_ns[0]
    assert drawing.side is not None
    bids, asks = marks_of(drawing.side, Rows)
    assert bids.lengths.sum() == found.bid_lots[-1].sum()
    assert asks.lengths.sum() == found.ask_lots[-1].sum()


def test_the_strongest_magnets_within_the_figure_are_marked(
    perp: InstrumentFlow, marks_of: Any
) -> None:
    found = magnetic_levels(perp)
    (panel,) = heatmap(perp, magnets=found).drawing.panels
    (heat,) = marks_of(panel, Heat)
    named = [mark for mark in marks_of(panel, Level) if mark.ink is Ink.MARK]
    assert named
    assert len(named) <= 6
    known = {level.price for level in found.levels}
    assert all(mark.y in known and heat.y[0] <= mark.y <= heat.y[-1] for mark in named)


def test_without_a_book_it_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="at least 2 looks"):
        heatmap(FlowState(table, ["one"])[0])
