from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.side import Side
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.walls import Wall
from undertow.plot import walls
from undertow.plot.drawing import Level, Points, Region, Rows


def _wall(perp: InstrumentFlow, side: Side, *, age_s: int, rested_s: int) -> Wall:
    price = perp.last_price * (1.0 - int(side) * 0.001)
    since_ns = int(perp.bars(1, 200)["open_time_ns"][0])
    return Wall(
        side=side, price_ticks=1, price=price, lots=50, usd=2.5e6, since_ns=since_ns, age_s=age_s,
        rested_s=rested_s, absent_s=age_s - rested_s, largest_lots=60, consumed_lots=0,
        cancelled_lots=0, near_cancelled_lots=0, is_resting=True,
    )  # fmt: skip


def test_walls_stand_from_when_they_were_seen(perp: InstrumentFlow, marks_of: Any) -> None:
    bid = _wall(perp, Side.BUY, age_s=199, rested_s=180)
    ask = _wall(perp, Side.SELL, age_s=100, rested_s=20)
    drawing = walls(perp, seconds=300, tracked=[bid, ask]).drawing
    (panel,) = drawing.panels
    regions = marks_of(panel, Region)
    starts = {region.x0 for region in regions}
    assert starts == {bid.since_ns}
    assert {region.x1 - bid.since_ns for region in regions} == {199 * 10**9, 100 * 10**9}
    assert [mark.y for mark in marks_of(panel, Level)] == [bid.price]
    (gone,) = marks_of(panel, Points)
    assert gone.y.tolist() == [ask.price]
    assert drawing.side is not None
    bids, asks = marks_of(drawing.side, Rows)
    assert bids.is_emphasised.tolist() == [True]
    assert asks.is_emphasised.tolist() == [False]


def test_without_walls_it_is_said(flow_state: FlowState) -> None:
    table = InstrumentTable(flow_state[i].instrument for i in range(len(flow_state)))
    with pytest.raises(CallerError, match="found none"):
        walls(FlowState(table, ["one"])[0])
