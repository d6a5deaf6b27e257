import numpy as np
import pytest

from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError
from undertow.plot.drawing import Curve
from undertow.plot.run.rolling_figure import rolling


def test_each_point_is_the_measure_of_its_own_window(run: BacktestResult) -> None:
    lines = [panel.marks[0] for panel in rolling(run, 20).drawing.panels]
    assert all(isinstance(line, Curve) for line in lines)
    returns = np.diff(run.equity.equity) / run.equity.equity[:-1]
    for place in (0, 35, 70):
        part = returns[place : place + 20]
        ratio, spread, depth = (line.y[place] for line in lines if isinstance(line, Curve))
        assert ratio == pytest.approx(part.mean() / part.std(ddof=1) * np.sqrt(365))
        assert spread == pytest.approx(part.std(ddof=1) * np.sqrt(365) * 100)
        levels = np.cumprod(np.r_[1.0, 1.0 + part])
        assert depth == pytest.approx((levels / np.maximum.accumulate(levels) - 1).min() * 100)
        assert lines[0].x[place] == run.equity.time_ns[place + 20]  # type: ignore[union-attr]


@pytest.mark.parametrize("window", [4, 90])
def test_a_window_that_does_not_fit_is_refused(run: BacktestResult, window: int) -> None:
    with pytest.raises(CallerError, match="expected a window from 5 to 89 returns"):
        rolling(run, window)
