"""Minimum track record length: how many observations a Sharpe ratio needs to beat a benchmark."""

from math import inf, nan

from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_share
from undertow.stats.normal_distribution import normal_quantile
from undertow.stats.sharpe_moments import return_moments, sharpe_variance_factor


def minimum_track_record(
    sharpe: float,
    *,
    benchmark: float = 0.0,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
    confidence: float = 0.95,
) -> float:
    """1 + (1 - skewness SR + (kurtosis - 1)/4 SR^2) (z / (SR - SR*))^2 observations, real valued.

    Per-observation Sharpe ratios, full kurtosis. Infinite where SR <= SR*: no length is enough.
    `probabilistic_sharpe` of that many observations is exactly `confidence`, at least 0.5.

    Source: Bailey and Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, J. of Risk 15(2).
    """
    distance = sharpe - benchmark
    if distance <= 0.0:
        return inf
    factor = sharpe_variance_factor(sharpe, skewness, kurtosis)
    return 1.0 + factor * (_score(confidence) / distance) ** 2


def minimum_track_record_null_variance(
    sharpe: float,
    *,
    benchmark: float = 0.0,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
    confidence: float = 0.95,
) -> float:
    """(1 - skewness SR* + (kurtosis - 1)/4 SR*^2) (z / (SR - SR*))^2 observations.

    The twin of `probabilistic_sharpe_null_variance`.

    Source: Lopez de Prado, Lipton and Zoonekynd (2025), Sharpe Ratio Inference, SSRN 5520741.
    """
    distance = sharpe - benchmark
    if distance <= 0.0:
        return inf
    factor = sharpe_variance_factor(benchmark, skewness, kurtosis)
    return factor * (_score(confidence) / distance) ** 2


def minimum_track_record_of_returns(
    returns: ArrayLike, *, benchmark: float = 0.0, confidence: float = 0.95
) -> float:
    """`minimum_track_record` with the moments of `returns`; NaN for returns without variation.

    Source: Bailey and Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, J. of Risk 15(2).
    """
    found = return_moments(returns)
    if found.sharpe != found.sharpe:
        return nan
    return minimum_track_record(
        found.sharpe,
        benchmark=benchmark,
        skewness=found.skewness,
        kurtosis=found.kurtosis,
        confidence=confidence,
    )


def years_of(observations: float, periods_per_year: float) -> float:
    """A number of observations in years; 365 for daily bars of a market that never closes.

    Source: definition.
    """
    if not periods_per_year > 0.0:
        raise CallerError(f"expected periods per year above 0, found {periods_per_year!r}")
    return observations / periods_per_year


def _score(confidence: float) -> float:
    if checked_share(confidence, "confidence") < 0.5:
        raise CallerError(f"expected a confidence of at least 0.5, found {confidence!r}")
    return normal_quantile(confidence)
