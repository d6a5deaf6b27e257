"""Probabilistic Sharpe ratio: how sure a track record makes us that the true one beats a benchmark.

Everything is per observation. An annualised Sharpe ratio given here yields about 1 for anything.
"""

from math import sqrt

from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.normal_distribution import normal_cdf
from undertow.stats.sharpe_moments import return_moments, sharpe_variance_factor


def probabilistic_sharpe(
    sharpe: float,
    observations: float,
    *,
    benchmark: float = 0.0,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
) -> float:
    """Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - skewness SR + (kurtosis - 1)/4 SR^2)).

    `sharpe` and `benchmark` per observation, `kurtosis` full (normal = 3), `observations` real
    valued. NaN where a moment is NaN.

    Source: Bailey and Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, J. of Risk 15(2).
    Variant: variance at the OBSERVED Sharpe ratio, n - 1.
    """
    count = _counted(observations)
    factor = sharpe_variance_factor(sharpe, skewness, kurtosis)
    return normal_cdf((sharpe - benchmark) * sqrt(count - 1.0) / sqrt(factor))


def probabilistic_sharpe_null_variance(
    sharpe: float,
    observations: float,
    *,
    benchmark: float = 0.0,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
) -> float:
    """Phi((SR - SR*) / sqrt((1 - skewness SR* + (kurtosis - 1)/4 SR*^2) / n)).

    Another number than `probabilistic_sharpe`; name which one you show.

    Source: Lopez de Prado, Lipton and Zoonekynd (2025), Sharpe Ratio Inference, SSRN 5520741.
    Variant: variance under the NULL, n.
    """
    count = _counted(observations)
    factor = sharpe_variance_factor(benchmark, skewness, kurtosis)
    return normal_cdf((sharpe - benchmark) * sqrt(count) / sqrt(factor))


def probabilistic_sharpe_of_returns(returns: ArrayLike, *, benchmark: float = 0.0) -> float:
    """`probabilistic_sharpe` with the Sharpe ratio and the population moments of `returns`.

    NaN for returns without variation; CallerError for fewer than 2 or for values not finite.

    Source: Bailey and Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, J. of Risk 15(2).
    """
    found = return_moments(returns)
    return probabilistic_sharpe(
        found.sharpe,
        found.observations,
        benchmark=benchmark,
        skewness=found.skewness,
        kurtosis=found.kurtosis,
    )


def sharpe_standard_error(
    sharpe: float, observations: float, *, skewness: float = 0.0, kurtosis: float = 3.0
) -> float:
    """sqrt((1 - skewness SR + (kurtosis - 1)/4 SR^2) / (n - 1)), per observation.

    Source: Mertens (2002), Comments on variance of the IID estimator in Lo.
    """
    factor = sharpe_variance_factor(sharpe, skewness, kurtosis)
    return sqrt(factor / (_counted(observations) - 1.0))


def _counted(observations: float) -> float:
    if not observations > 1.0:
        raise CallerError(f"expected more than 1 observation, found {observations!r}")
    return float(observations)
