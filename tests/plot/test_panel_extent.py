import numpy as np

from undertow.plot.drawing import Curve, Drawing, Level, Panel, Region
from undertow.plot.ink import Ink
from undertow.plot.panel_extent import panel_extent


def test_every_kind_of_mark_counts(every_mark: Drawing) -> None:
    price, heat, columns = every_mark.panels
    assert panel_extent(price) == (0.0, 7.0)
    assert panel_extent(heat) == (0.0, 2.0)
    assert panel_extent(columns) == (-2.0, 6.0)
    assert every_mark.side is not None
    assert panel_extent(every_mark.side) == (1.0, 7.0)


def test_what_is_not_known_does_not_count() -> None:
    x = np.arange(2)
    unknown = Curve(x, np.full(2, np.nan), "", Ink.BUY)
    assert panel_extent(Panel("y", (unknown,))) == (0.0, 1.0)
    assert panel_extent(Panel("y", (unknown, Level(3.0, "", Ink.BUY)))) == (2.5, 3.5)
    band = Region(0.0, 1.0, None, None, Ink.BUY)
    assert panel_extent(Panel("y", (band,), has_zero=True)) == (-0.5, 0.5)
