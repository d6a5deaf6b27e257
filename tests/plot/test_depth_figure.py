from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.consolidated_book import consolidated_book
from undertow.flow.flow_state import FlowState
from undertow.plot import depth
from undertow.plot.drawing import Curve


def test_the_last_line_is_everything(asset: AssetFlow, marks_of: Any) -> None:
    book = consolidated_book(asset)
    drawing = depth(book).drawing
    curves = marks_of(drawing.panels[0], Curve)
    assert [curve.label for curve in curves] == [one.instrument_id for one in book.books]
    assert curves[-1].y[0] == pytest.approx(book.bid_usd.sum() / 1e6)
    assert curves[-1].y[-1] == pytest.approx(book.ask_usd.sum() / 1e6)
    assert not drawing.has_time_axis


def test_without_a_book_it_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="found none"):
        depth(consolidated_book(FlowState(table, ["one"]).asset("BTC")))
