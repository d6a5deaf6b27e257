import msgspec
import pytest

from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError, UnknownNameError
from undertow.plot.drawing import Points
from undertow.plot.run.trades_figure import trades


def test_every_trade_is_where_it_was_made(run: BacktestResult) -> None:
    drawing = trades(run).drawing
    points = {mark.label: mark for mark in drawing.panels[0].marks if isinstance(mark, Points)}
    assert set(points) == {"long entry", "short entry", "exit"}
    assert len(points["long entry"].x) == 20
    assert len(points["short entry"].x) == 10
    assert points["exit"].y.tolist() == [trade.exit_price for trade in run.trades]
    assert points["exit"].x.tolist() == [trade.close_time_ns for trade in run.trades]
    won, lost = drawing.panels[1].marks
    assert isinstance(won, Points)
    assert isinstance(lost, Points)
    assert sorted([*won.y, *lost.y]) == sorted(trade.pnl for trade in run.trades)
    assert min(won.y) > 0 >= max(lost.y)


def test_an_unknown_instrument_is_told_with_the_nearest(run: BacktestResult) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'BTC/USDT:USDT@aster'"):
        trades(run, "BTC/USDT:USDT@astr")


def test_without_prices_there_is_nothing_to_draw_on(run: BacktestResult) -> None:
    with pytest.raises(CallerError, match="found none"):
        trades(msgspec.structs.replace(run, closes={}, trades=()))
