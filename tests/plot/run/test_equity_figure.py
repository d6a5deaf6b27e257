import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import curve

from undertow.backtest.result import BacktestResult
from undertow.plot.drawing import Curve, Region
from undertow.plot.run.equity_figure import equity, holding


def _labels(run: BacktestResult, **others: BacktestResult) -> list[str]:
    panel = equity(run, others).drawing.panels[0]
    return [mark.label for mark in panel.marks if isinstance(mark, Curve)]


def test_equity_beside_holding_and_below_it_the_drawdown(run: BacktestResult) -> None:
    drawing = equity(run).drawing
    line, held = (mark for mark in drawing.panels[0].marks if isinstance(mark, Curve))
    np.testing.assert_array_equal(line.y, run.equity.equity)
    assert held.y[0] == 1_000.0
    assert held.y[-1] == pytest.approx(1_100.0)
    (water,) = drawing.panels[1].marks
    assert isinstance(water, Curve)
    peaks = np.maximum.accumulate(run.equity.equity)
    np.testing.assert_allclose(water.y, (run.equity.equity / peaks - 1) * 100)


def test_the_shaded_stretch_is_the_deepest_drawdown(run: BacktestResult) -> None:
    (shaded,) = (m for m in equity(run).drawing.panels[0].marks if isinstance(m, Region))
    peaks = np.maximum.accumulate(run.equity.equity)
    depths = run.equity.equity / peaks - 1
    assert shaded.note == f"{depths.min():.1%}"
    trough = run.equity.time_ns[int(depths.argmin())]
    assert shaded.x0 is not None
    assert shaded.x1 is not None
    assert shaded.x0 < trough <= shaded.x1


def test_several_strategies_and_other_fills_get_lines_of_their_own(run: BacktestResult) -> None:
    assert _labels(run) == ["equity", "held instead"]
    many = msgspec.structs.replace(run, curves={"b": run.equity, "a": run.equity})
    assert _labels(many, base=run) == ["equity", "held instead", "a", "b", "base"]


def test_holding_is_equal_parts_of_every_instrument(run: BacktestResult) -> None:
    closes = {"x": curve([10.0, 20.0, 20.0]), "y": curve([5.0, 5.0, 2.5])}
    held = holding(msgspec.structs.replace(run, closes=closes))
    assert held is not None
    assert held.equity.tolist() == [1_000.0, 1_500.0, 1_250.0]
    assert holding(msgspec.structs.replace(run, closes={})) is None
