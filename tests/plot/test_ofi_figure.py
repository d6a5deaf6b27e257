from typing import Any

import numpy as np

from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.ofi_pressure import OfiRules, pressure_of
from undertow.plot import ofi
from undertow.plot.drawing import Columns, Curve, Points, Region
from undertow.plot.ofi_figure import building_regions
from undertow.plot.price_bars import price_bars

SHORT = OfiRules(baseline_s=200, build_s=30, least_z=2.5)


def test_spikes_are_judged_by_what_was_known(perp: InstrumentFlow, marks_of: Any) -> None:
    price, flow, running = ofi(perp, 200, SHORT).drawing.panels
    values = perp.ofi_by_second(200)
    (columns,) = marks_of(flow, Columns)
    assert columns.heights.tolist() == values.tolist()
    (total,) = marks_of(running, Curve)
    assert total.y[-1] == values.sum()
    closes = perp.bars(1, 200)["close_ticks"]
    spikes = sum(pressure_of(values[: i + 1], closes[: i + 1], SHORT).is_spike for i in range(200))
    assert sum(len(mark.x) for mark in marks_of(flow, Points)) == spikes > 0
    assert price.y_label == "price (USDT)"


def test_seconds_in_a_row_are_one_region(perp: InstrumentFlow) -> None:
    drawn = price_bars(perp, 1, 10)
    regions = building_regions(drawn, np.array([0, 1, 1, 0, -1, 0, 1, 1, 1, 1]))
    assert all(isinstance(region, Region) for region in regions)
    starts = drawn.rows["open_time_ns"]
    assert [(r.x0, r.x1, r.label) for r in regions if isinstance(r, Region)] == [
        (starts[1], starts[3], "buyers build up"),
        (starts[4], starts[5], "sellers build up"),
        (starts[6], drawn.end_ns, ""),
    ]
