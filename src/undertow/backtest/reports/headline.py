"""The headline numbers with the intervals that stand beside them.

An estimate without its interval is an invitation to believe it. Intervals are block bootstraps
(`stats.headline_intervals`), seeded with the run's seed: the same result gives the same interval.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

from undertow.backtest.reports.equity_measures import period_equity
from undertow.backtest.result import BacktestResult
from undertow.domain.time import NS_PER_DAY
from undertow.stats.compound_growth import LEAST_GROWTH_DAYS
from undertow.stats.headline_intervals import (
    cagr_interval,
    max_drawdown_range,
    mean_interval,
    profit_factor_interval,
    sharpe_interval,
    sortino_interval,
    volatility_interval,
)
from undertow.stats.resampled_interval import LEAST_OBSERVATIONS, Interval

CONFIDENCE = 0.95
RESAMPLES = 2_000


class Range(msgspec.Struct, frozen=True):
    """An estimate and its interval; NaN where there is too little to say."""

    estimate: float
    low: float
    high: float


def headline_intervals(
    result: BacktestResult, *, resamples: int = RESAMPLES
) -> Mapping[str, Range]:
    """Of sharpe, sortino, volatility, cagr, max_drawdown (daily returns) and of expectancy and
    profit_factor (trades), by name. Each has a stream of its own, so that none depends on which
    others are asked for.
    """
    periods = period_equity(result.equity)
    returns, per_year = periods.returns, periods.per_year
    pnl = np.array([trade.pnl for trade in result.trades], np.float64)
    found: dict[str, Range] = {}
    if len(returns) >= LEAST_OBSERVATIONS:
        yearly = {
            "sharpe": sharpe_interval,
            "sortino": sortino_interval,
            "volatility": volatility_interval,
        }
        if len(returns) >= LEAST_GROWTH_DAYS and periods.step_ns == NS_PER_DAY:
            # Ten good hours make any number of a year.
            yearly["cagr"] = cagr_interval
        for name, interval in yearly.items():
            rng = _stream(result.seed, name)
            found[name] = _range(interval(returns, per_year, rng, resamples=resamples))
        rng = _stream(result.seed, "max_drawdown")
        found["max_drawdown"] = _range(max_drawdown_range(returns, rng, resamples=resamples))
    if len(pnl) >= LEAST_OBSERVATIONS:
        rng = _stream(result.seed, "expectancy")
        found["expectancy"] = _range(mean_interval(pnl, rng, resamples=resamples))
        rng = _stream(result.seed, "profit_factor")
        found["profit_factor"] = _range(profit_factor_interval(pnl, rng, resamples=resamples))
    return found


def intervals_part(result: BacktestResult) -> dict[str, dict[str, float]]:
    """The same as plain values, for reports."""
    return {name: msgspec.structs.asdict(one) for name, one in headline_intervals(result).items()}


def _range(interval: Interval) -> Range:
    return Range(interval.estimate, interval.low, interval.high)


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))
