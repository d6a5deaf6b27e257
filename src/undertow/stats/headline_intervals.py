"""The intervals that stand beside the headline numbers of a report.

Studentised where the number is a smooth function of means (Sharpe, Sortino, mean, growth,
volatility, profit factor): of the methods tried on short, fat-tailed and autocorrelated returns it
kept its promise best. The range of a maximum drawdown is of another kind and says so.
"""

from math import ceil, nan, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from undertow.stats.block_length import optimal_block_length
from undertow.stats.columns import checked_series
from undertow.stats.drawdown import max_drawdown
from undertow.stats.equity_returns import compounded_equity
from undertow.stats.resampled_interval import (
    LEAST_OBSERVATIONS,
    Interval,
    block_error,
    resampled_values,
    studentised_interval,
)
from undertow.stats.smooth_statistics import (
    growth_statistic,
    mean_statistic,
    profit_factor_statistic,
    sharpe_statistic,
    sortino_statistic,
    volatility_statistic,
)


def sharpe_interval(
    returns: ArrayLike,
    periods_per_year: float,
    rng: Generator,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """The interval of the annualised Sharpe ratio; returns: shape (n,).

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15, for one ratio instead of two.
    """
    statistic = sharpe_statistic(sqrt(periods_per_year))
    return studentised_interval(returns, statistic, rng, confidence=confidence, resamples=resamples)


def sortino_interval(
    returns: ArrayLike,
    periods_per_year: float,
    rng: Generator,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """The interval of the annualised Sortino ratio, target 0; returns: shape (n,).

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5).
    """
    statistic = sortino_statistic(sqrt(periods_per_year))
    return studentised_interval(returns, statistic, rng, confidence=confidence, resamples=resamples)


def mean_interval(
    values: ArrayLike, rng: Generator, *, confidence: float = 0.95, resamples: int = 2000
) -> Interval:
    """The interval of a mean: of returns, or of trade results (expectancy). values: shape (n,).

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5).
    """
    return studentised_interval(
        values, mean_statistic(), rng, confidence=confidence, resamples=resamples
    )


def cagr_interval(
    returns: ArrayLike,
    periods_per_year: float,
    rng: Generator,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """The interval of the compound growth of a year, made on the scale of log returns.

    returns: simple, above -1, shape (n,).

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5).
    """
    statistic = growth_statistic(periods_per_year)
    return studentised_interval(returns, statistic, rng, confidence=confidence, resamples=resamples)


def volatility_interval(
    returns: ArrayLike,
    periods_per_year: float,
    rng: Generator,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """The interval of the annualised deviation, made on a log scale; returns: shape (n,).

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5).
    """
    statistic = volatility_statistic(sqrt(periods_per_year))
    return studentised_interval(returns, statistic, rng, confidence=confidence, resamples=resamples)


def profit_factor_interval(
    results: ArrayLike, rng: Generator, *, confidence: float = 0.95, resamples: int = 2000
) -> Interval:
    """The interval of the profit factor of trades, made on a log scale; results: shape (n,).

    NaN where too many resamples have no loss or no win.

    Source: Goetze and Kuensch (1996), Annals of Statistics 24(5).
    """
    return studentised_interval(
        results, profit_factor_statistic(), rng, confidence=confidence, resamples=resamples
    )


def max_drawdown_range(
    returns: ArrayLike, rng: Generator, *, confidence: float = 0.95, resamples: int = 2000
) -> Interval:
    """The range in which the deepest drawdown of ANOTHER period of this length is expected to lie.

    Percentiles of the drawdowns of stationary-bootstrapped returns, each resample moved by a normal
    draw of the mean's own standard error, because the true mean is not known either: without it the
    range of 95 % held 81 to 87 % of fresh drawdowns on 100 returns, with it 89 to 92 % (less where
    volatility clusters, see docs/stats/intervals.md). It is no confidence interval of a parameter:
    a longer record has a deeper drawdown. The lower limit, the deeper one, is what a risk limit
    should be measured against. returns: simple, shape (n,).

    Source: Politis and Romano (1994), JASA 89(428). Variant: predictive.
    """
    array = checked_series(returns, "returns")
    estimate = float(max_drawdown(compounded_equity(array)))
    if len(array) < LEAST_OBSERVATIONS:
        return Interval(estimate, nan, nan, confidence, "predictive", nan, resamples, 0)
    block = optimal_block_length(array)
    whole = min(ceil(block.circular), len(array) // 2)
    error = block_error(array - array.mean(), whole)

    def deepest(table: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = table + error * rng.standard_normal(table.shape[1])
        return np.asarray(max_drawdown(compounded_equity(moved)))

    found = resampled_values(
        array, deepest, rng, resamples=resamples, scheme="stationary", block=block.stationary
    )
    tail = (1.0 - confidence) / 2.0
    low, high = (float(limit) for limit in np.quantile(found, [tail, 1.0 - tail]))
    return Interval(estimate, low, high, confidence, "predictive", block.stationary, resamples, 0)
