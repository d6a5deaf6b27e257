"""Daily returns of two runs on the days that both have."""

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.result import BacktestResult
from undertow.domain.time import NS_PER_DAY
from undertow.stats.equity_returns import simple_returns, until_ruin
from undertow.stats.equity_sampling import daily_equity

LEAST_COMMON_DAYS = 30
"""With fewer days nothing can be said about a difference."""


def shared_days(
    first: BacktestResult, second: BacktestResult
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns of both, day by day (UTC), in order of time."""
    by_day = [_daily(result) for result in (first, second)]
    days = sorted(by_day[0].keys() & by_day[1].keys())
    ours, theirs = (np.array([one[day] for day in days], np.float64) for one in by_day)
    return ours, theirs


def _daily(result: BacktestResult) -> dict[int, float]:
    equity = until_ruin(result.equity.equity)
    sampled = daily_equity(result.equity.time_ns[: len(equity)], equity)
    days = (sampled.time_ns[1:] - 1) // NS_PER_DAY
    return dict(zip(days.tolist(), simple_returns(sampled.equity).tolist(), strict=True))
