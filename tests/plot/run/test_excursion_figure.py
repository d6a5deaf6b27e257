import msgspec
import numpy as np
import pytest

from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError
from undertow.plot.drawing import Columns, Points
from undertow.plot.run.excursion_figure import excursions, results


def test_every_trade_is_a_point_of_each_panel(run: BacktestResult) -> None:
    for panel, name in zip(excursions(run).drawing.panels, ("mae", "mfe"), strict=True):
        points = [mark for mark in panel.marks if isinstance(mark, Points)]
        shown = sorted((x, y) for mark in points for x, y in zip(mark.x, mark.y, strict=True))
        assert shown == sorted((getattr(trade, name), trade.pnl) for trade in run.trades)


def test_the_histogram_counts_every_trade_on_its_side(run: BacktestResult) -> None:
    lost, won = results(run).drawing.panels[0].marks
    assert isinstance(lost, Columns)
    assert isinstance(won, Columns)
    assert lost.heights.sum() + won.heights.sum() == len(run.trades)
    assert np.all(lost.x < 0)
    assert np.all(won.x >= 0)


def test_without_trades_there_is_nothing_to_draw(run: BacktestResult) -> None:
    empty = msgspec.structs.replace(run, trades=())
    for draw in (excursions, results):
        with pytest.raises(CallerError, match="expected a run with trades"):
            draw(empty)
