from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.flow_state import FlowState
from undertow.flow.whale_trades import whale_trades
from undertow.plot import whales
from undertow.plot.drawing import Points


def test_each_whale_is_a_point(asset: AssetFlow, marks_of: Any) -> None:
    trades = whale_trades(asset.healthy(), 900)
    assert trades
    points = marks_of(whales(asset).drawing.panels[1], Points)
    x = np.concatenate([mark.x for mark in points])
    y = np.concatenate([mark.y for mark in points])
    assert sorted(x.tolist()) == sorted(one.event_ns for one in trades)
    assert y.sum() == pytest.approx(sum(one.side * one.value for one in trades) / 1e3)
    alerts = sum(len(mark.x) for mark in points if "unusual" in mark.label)
    assert alerts == sum(one.is_alert for one in trades)


def test_no_whales_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="found none"):
        whales(FlowState(table, ["one"]).asset("BTC"))
