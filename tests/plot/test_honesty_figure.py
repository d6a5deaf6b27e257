"""Expected: numbers of the drawing worked from results made by hand."""

import numpy as np

from undertow.backtest.honesty.honesty_plan import HonestyPlan, Part
from undertow.backtest.honesty.honesty_study import Case, HonestyResults
from undertow.backtest.honesty.measured import Measured
from undertow.backtest.honesty.significance_battery import WORDS
from undertow.plot.drawing import Curve, Points
from undertow.plot.honesty_figure import alarm_figure, power_figure

TENTH, HALF = Measured(10, 1, 1), Measured(10, 5, 5)
RESULTS = HonestyResults(
    date="2026-01-01",
    machine="a machine",
    version="0",
    minutes=1.0,
    plan=HonestyPlan(),
    jobs=1,
    planned=1,
    recorded=0,
    cases=(
        Case(Part.NOISE, "normal", {f"{name}@0.05": TENTH for name in WORDS}),
        Case(Part.POWER, "Sharpe 2, 3 years", {f"{name}@0.05": HALF for name in WORDS}),
    ),
)


def test_a_dot_for_each_test_beside_the_size() -> None:
    drawing = alarm_figure(RESULTS).drawing
    dots, line = drawing.panels[0].marks
    assert drawing.subtitle.endswith("scatter by about 6.9")  # sqrt(0.05 * 0.95 / 10)
    assert isinstance(dots, Points)
    assert np.allclose(dots.x, 10.0)
    assert len(dots.x) == len(WORDS) - 1
    assert isinstance(line, Curve)
    assert set(line.x) == {5.0}


def test_power_is_drawn_where_it_was_measured() -> None:
    marks = power_figure(RESULTS).drawing.panels[0].marks
    assert len(marks) == 5
    for curve in marks:
        assert isinstance(curve, Curve)
        assert list(curve.x) == [0.5, 1.0, 2.0, 3.0]
        assert curve.y[2] == 50.0
        assert np.isnan(curve.y[[0, 1, 3]]).all()


def test_small_images() -> None:
    from undertow.plot.image_renderer import png_bytes
    from undertow.plot.ink import LIGHT

    image = png_bytes(alarm_figure(RESULTS).drawing, LIGHT, 1.0, 32)
    assert image.startswith(b"\x89PNG")
    assert len(image) < 40_000
