"""Sharpe and Sortino ratios for returns that follow from one another."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.autocorrelation import autocorrelations
from undertow.stats.columns import checked_series
from undertow.stats.pearson import correlation
from undertow.stats.sharpe_ratio import sharpe
from undertow.stats.sortino_ratio import sortino


def lo_scale(returns: ArrayLike, periods: int, *, lags: int | None = None) -> float:
    """What a period's Sharpe ratio is multiplied by for `periods` of them: sqrt(q) if they are
    independent, less when they trend, more when they reverse.

    eta(q) = q / sqrt(q + 2 sum_{k<q} (q - k) rho_k). rho_k is estimated for k up to `lags` and 0
    beyond; default the whole part of 4 (n / 100)^(2/9), because hundreds of estimated
    autocorrelations are noise. NaN for fewer than 3 returns, for returns that do not vary, and
    where the estimates make the variance of the sum negative.

    Source: Lo (2002), The statistics of Sharpe ratios, Financial Analysts Journal 58(4), eq. 20.
    Variant: truncated at `lags`; lag rule of Newey and West (1994).
    """
    array = checked_series(returns, "returns")
    if periods < 1:
        raise CallerError(f"expected at least 1 period, found {periods}")
    count = len(array)
    if count < 3 or not np.ptp(array) > 0.0:
        return float("nan")
    most = int(4.0 * (count / 100.0) ** (2.0 / 9.0)) if lags is None else lags
    kept = max(min(most, periods - 1, count - 1), 0)
    variance = float(periods)
    if kept:
        weights = periods - np.arange(1, kept + 1)
        variance += 2.0 * float(np.sum(weights * autocorrelations(array, kept)))
    return periods / variance**0.5 if variance > 0.0 else float("nan")


def lo_sharpe(
    returns: ArrayLike, periods: int, *, lags: int | None = None, risk_free: float = 0.0
) -> float:
    """The Sharpe ratio of `periods` periods (365 days: a year) when returns are autocorrelated.

    The period's ratio times `lo_scale`. Smoothed or trending returns make the ordinary ratio too
    high; this corrects the annualisation, not the estimate of mean and deviation.

    Source: Lo (2002), The statistics of Sharpe ratios, Financial Analysts Journal 58(4).
    """
    return float(sharpe(returns, 1.0, risk_free=risk_free)) * lo_scale(returns, periods, lags=lags)


def autocorrelation_penalty(returns: ArrayLike) -> float:
    """sqrt(1 + 2 sum_{k<n} (n - k)/n |rho_1|^k): at least 1, whatever the sign of rho_1.

    rho_1: Pearson's correlation of neighbouring returns. NaN for fewer than 3 returns and for
    returns that do not vary.

    Source: quantstats and jesse, without a paper. Variant: theirs, for comparison; `lo_scale` is
    the one with a derivation.
    """
    array = checked_series(returns, "returns")
    count = len(array)
    if count < 3:
        return float("nan")
    size = abs(correlation(array[:-1], array[1:]))
    lags = np.arange(1, count)
    return float(np.sqrt(1.0 + 2.0 * np.sum((count - lags) / count * size**lags)))


def smart_sharpe(returns: ArrayLike, periods_per_year: float) -> float:
    """The Sharpe ratio divided by `autocorrelation_penalty`.

    Source: quantstats and jesse, without a paper; for comparison.
    """
    return float(sharpe(returns, periods_per_year)) / autocorrelation_penalty(returns)


def smart_sortino(returns: ArrayLike, periods_per_year: float) -> float:
    """The Sortino ratio divided by `autocorrelation_penalty`.

    Source: quantstats and jesse, without a paper; for comparison.
    """
    return float(sortino(returns, periods_per_year)) / autocorrelation_penalty(returns)
