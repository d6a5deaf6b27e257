from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.footprint import FootprintBuilder, FootprintConfig
from undertow.plot import footprint
from undertow.plot.drawing import Columns, Heat, Points, Words
from undertow.plot.footprint_figure import MOST_BARS, MOST_ROWS


@pytest.fixture(scope="module")
def built() -> FootprintBuilder:
    rng = np.random.default_rng(4)
    builder = FootprintBuilder(FootprintConfig(seconds=60, row_ticks=4))
    count = 6_000
    times = 1_700_000_040 * 10**9 + np.sort(rng.integers(0, 900 * 10**9, count))
    prices = 10_000 + np.cumsum(rng.integers(-2, 3, count))
    builder.push_columns(times, prices, rng.integers(1, 90, count), rng.choice([-1, 1], count))
    return builder


def test_cells_hold_all_that_was_traded(built: FootprintBuilder, marks_of: Any) -> None:
    bars = built.bars()[-MOST_BARS:]
    price, delta, _ = footprint(built.bars(), tick=0.5, name="X").drawing.panels
    (heat,) = marks_of(price, Heat)
    assert heat.values.shape[1] == len(bars) == MOST_BARS
    assert heat.values.shape[0] <= MOST_ROWS
    assert np.nansum(heat.values) == sum(bar.delta_lots for bar in bars)
    (cells,) = marks_of(price, Words)
    assert len(cells.texts) == np.isfinite(heat.values).sum()
    assert all(" x " in text for text in cells.texts)
    (columns,) = marks_of(delta, Columns)
    assert columns.heights.tolist() == [bar.delta_lots for bar in bars]


def test_signs_are_those_of_the_bars(built: FootprintBuilder, marks_of: Any) -> None:
    bars = built.bars()[-MOST_BARS:]
    price = footprint(bars, tick=0.5).drawing.panels[0]
    found = {mark.label: mark for mark in marks_of(price, Points)}
    assert len(found["point of control"].x) == len(bars)
    for side, label in ((1, "stacked buying"), (-1, "stacked selling")):
        count = sum(stack.side == side for bar in bars for stack in bar.stacked())
        assert (len(found[label].x) if label in found else 0) == count


def test_one_bar_is_drawn_and_none_is_not(built: FootprintBuilder) -> None:
    assert footprint(built.bars(1)).drawing.title.startswith("Footprint")
    with pytest.raises(CallerError, match="found none"):
        footprint(())
