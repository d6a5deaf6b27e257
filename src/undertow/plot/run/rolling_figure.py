"""How the measures moved: the same numbers over the last days, at each day."""

from math import sqrt

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from undertow.backtest.reports.equity_measures import period_equity
from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError
from undertow.plot.drawing import Curve, Drawing, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.stats.drawdown import max_drawdown
from undertow.stats.equity_returns import compounded_equity

LEAST_WINDOW = 5


def rolling(result: BacktestResult, window: int = 30) -> Figure:
    """Sharpe ratio, volatility and deepest drawdown of the last `window` returns (days, when the
    run has enough of them); undefined where nothing moved.
    """
    periods = period_equity(result.equity)
    if not LEAST_WINDOW <= window < len(periods.returns):
        raise CallerError(
            f"expected a window from {LEAST_WINDOW} to {len(periods.returns) - 1} returns, "
            f"found {window}"
        )
    windows = sliding_window_view(periods.returns, window)
    at = periods.time_ns[window:]
    spread = windows.std(axis=1, ddof=1)
    root = sqrt(periods.per_year)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(spread > 0, windows.mean(axis=1) / spread * root, np.nan)
    return Figure(
        Drawing(
            title=f"{', '.join(result.strategies)}: the last {window} returns",
            panels=(
                Panel("Sharpe ratio", (Curve(at, ratio, "Sharpe", Ink.TOTAL),), has_zero=True),
                Panel(
                    "volatility (% a year)", (Curve(at, spread * root * 100.0, "vol", Ink.MARK),)
                ),
                Panel(
                    "deepest drawdown (%)",
                    (Curve(at, _depths(windows), "drawdown", Ink.SELL, fill_to=0.0),),
                    has_zero=True,
                ),
            ),
            subtitle="each point knows the returns up to itself and no later ones",
            height_px=640,
        )
    )


def _depths(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    curves = compounded_equity(np.ascontiguousarray(windows.T))
    return np.asarray(max_drawdown(curves)) * 100.0
