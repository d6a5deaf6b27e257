"""The bad end of the returns: value at risk and what lies beyond it.

Signs: a loss is negative, as in the returns themselves. All numbers are of one period.
"""

from math import exp, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, deviations_of, quotient
from undertow.stats.normal_distribution import normal_quantile


def value_at_risk(returns: ArrayLike, confidence: float = 0.95) -> Measure:
    """Historical VaR: the quantile of the returns at 1 - confidence; negative is a loss.

    NaN without returns.

    Source: Jorion, Value at Risk. Variant: historical, linear interpolation (type 7).
    """
    columns = checked_columns(returns, "returns")
    return columns.measure(_quantiles(columns.array, _tail(confidence)))


def conditional_value_at_risk(returns: ArrayLike, confidence: float = 0.95) -> Measure:
    """Historical CVaR (expected shortfall): mean of the returns at or below the historical VaR.

    NaN without returns.

    Source: Rockafellar and Uryasev (2000), J. Risk 2(3). Variant: historical, by quantile; jesse
    takes a count.
    """
    columns = checked_columns(returns, "returns")
    limits = _quantiles(columns.array, _tail(confidence))
    is_beyond = columns.array <= limits
    sums = np.sum(np.where(is_beyond, columns.array, 0.0), axis=0)
    return columns.measure(quotient(sums, is_beyond.sum(axis=0).astype(np.float64)))


def gaussian_value_at_risk(returns: ArrayLike, confidence: float = 0.95) -> Measure:
    """VaR of a normal distribution with the returns' mean and deviation: m + z s, z negative.

    NaN for fewer than 2 returns.

    Source: Jorion, Value at Risk. Variant: gaussian, ddof=1 (quantstats' value_at_risk).
    """
    columns = checked_columns(returns, "returns")
    score = normal_quantile(_tail(confidence))
    return columns.measure(_means(columns.array) + score * deviations_of(columns.array))


def gaussian_conditional_value_at_risk(returns: ArrayLike, confidence: float = 0.95) -> Measure:
    """CVaR of a normal distribution with the returns' mean and deviation: m - s phi(z)/(1 - a).

    NaN for fewer than 2 returns.

    Source: Rockafellar and Uryasev (2000), J. Risk 2(3). Variant: gaussian, ddof=1.
    """
    columns = checked_columns(returns, "returns")
    tail = _tail(confidence)
    score = normal_quantile(tail)
    density = exp(-score * score / 2.0) / sqrt(2.0 * pi)
    return columns.measure(_means(columns.array) - deviations_of(columns.array) * (density / tail))


def tail_ratio(returns: ArrayLike, confidence: float = 0.95) -> Measure:
    """Size of the upper tail over that of the lower: |q(confidence)| / |q(1 - confidence)|.

    NaN without returns and where the lower quantile is 0.

    Source: definition, as in empyrical. Variant: quantiles of type 7.
    """
    columns = checked_columns(returns, "returns")
    tail = _tail(confidence)
    lower, upper = _quantiles(columns.array, tail), _quantiles(columns.array, 1.0 - tail)
    return columns.measure(quotient(np.abs(upper), np.abs(lower)))


def _tail(confidence: float) -> float:
    if not 0.5 <= confidence < 1.0:
        raise CallerError(f"expected a confidence of 0.5 to below 1, found {confidence}")
    # 1 - 0.9 is 0.09999999999999998: without rounding, an observation that is exactly the quantile
    # would fall out of its own tail.
    return round(1.0 - confidence, 12)


def _quantiles(array: NDArray[np.float64], at: float) -> NDArray[np.float64]:
    if not len(array):
        return np.full(array.shape[1], np.nan)
    found: NDArray[np.float64] = np.quantile(array, at, axis=0)
    return found


def _means(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.mean(array, axis=0) if len(array) else np.full(array.shape[1], np.nan)
