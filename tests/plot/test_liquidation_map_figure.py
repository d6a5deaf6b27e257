from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.liquidation_map import liquidation_map as made
from undertow.plot import liquidation_map
from undertow.plot.drawing import Region, Rows


def _map(perp: InstrumentFlow) -> Any:
    price = perp.last_price
    longs = (np.array([0.97, 0.98]) * price, np.array([2e6, 9e6]))
    shorts = (np.array([1.03]) * price, np.array([7e6]))
    return made("estimate", 1, price / 1_000, longs, shorts)


def test_rows_and_clusters_are_those_of_the_map(perp: InstrumentFlow, marks_of: Any) -> None:
    found = _map(perp)
    drawing = liquidation_map(perp, found, minutes=30).drawing
    assert drawing.side is not None
    shorts, longs = marks_of(drawing.side, Rows)
    assert shorts.lengths.sum() == pytest.approx(7.0)
    assert longs.lengths.sum() == pytest.approx(11.0)
    regions = marks_of(drawing.panels[0], Region)
    assert [(region.y0, region.y1) for region in regions] == [
        (cluster.low, cluster.high) for cluster in found.clusters(5e6)
    ]
    assert "(estimate)" in drawing.title


def test_an_empty_map_is_said(perp: InstrumentFlow) -> None:
    nothing = (np.zeros(0), np.zeros(0))
    with pytest.raises(CallerError, match="found none"):
        liquidation_map(perp, made("seen", 0, 1.0, nothing, nothing))
