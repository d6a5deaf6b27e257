"""Do two strategies differ in Sharpe ratio: the HAC test, with and without prewhitening."""

from math import nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series
from undertow.stats.long_run_variance import (
    long_run_covariance,
    prewhitened_long_run_covariance,
)
from undertow.stats.normal_distribution import normal_cdf
from undertow.stats.sharpe_ratio import sharpe

ROUNDING = 1e-12
"""A difference of Sharpe ratios of a period up to this is rounding: its p-value is 1."""

_LEAST = 10
_PARAMETERS = 4


class SharpeDifference(NamedTuple):
    """SR1 - SR2 of a period, both ratios, standard error and two-sided p-value of both forms."""

    difference: float
    first: float
    second: float
    standard_error: float
    p_value: float
    prewhitened_standard_error: float
    prewhitened_p_value: float


def sharpe_difference(first: ArrayLike, second: ArrayLike) -> SharpeDifference:
    """Delta = SR1 - SR2, delta-method standard error with HAC covariance, p = 2 Phi(-|Delta| / SE).

    Returns of the same n >= 10 periods, per period and not annualised; SR = mean / std(ddof=1), all
    moments inside the error are population moments, gradient of (mu1, mu2, E r1^2, E r2^2), factor
    of freedom n/(n - 4), prewhitened (n - 1)/(n - 5). A difference within rounding (equal series, a
    levered copy) has error 0 and p = 1. NaN where a series does not vary. Below some hundred
    periods the test rejects too often; `sharpe_difference_bootstrap` does not.

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15(5), Parzen kernel, Andrews bandwidth.
    """
    table = checked_returns_pair(first, second)
    found = np.asarray(sharpe(table, 1.0))
    difference = float(found[0] - found[1])
    if np.isnan(difference):
        return SharpeDifference(nan, float(found[0]), float(found[1]), nan, nan, nan, nan)
    plain, white = difference_errors(table)
    if abs(difference) <= ROUNDING:
        plain = white = 0.0
    return SharpeDifference(
        difference,
        float(found[0]),
        float(found[1]),
        plain,
        _p_value(difference, plain),
        white,
        _p_value(difference, white),
    )


def checked_returns_pair(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Two series of returns of the same at least 10 periods, shape (n, 2).

    Source: definition.
    """
    one = checked_series(first, "first returns", least=_LEAST)
    two = checked_series(second, "second returns", least=_LEAST)
    if len(one) != len(two):
        raise CallerError(f"expected returns of the same periods, found {len(one)} and {len(two)}")
    return np.column_stack([one, two])


def difference_errors(table: NDArray[np.float64]) -> tuple[float, float]:
    """Standard errors of SR1 - SR2 of columns (n, 2): HAC, and HAC prewhitened.

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15(5).
    """
    moments = np.hstack([table, table * table])
    means = moments.mean(axis=0)
    gradient = sharpe_gradient(means)
    spread = moments - means
    count = len(table)
    plain = long_run_covariance(spread, parameters=_PARAMETERS)
    white = prewhitened_long_run_covariance(spread, parameters=_PARAMETERS)
    found = [max(float(gradient @ one @ gradient), 0.0) / count for one in (plain, white)]
    return sqrt(found[0]), sqrt(found[1])


def sharpe_gradient(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gradient of SR1 - SR2 by (mu1, mu2, E r1^2, E r2^2); shape (..., 4) in and out.

    Source: Ledoit and Wolf (2008), J. Empirical Finance 15(5), eq. 4.
    """
    mean, square = means[..., :2], means[..., 2:]
    cubed = (square - mean * mean) ** 1.5
    sign = np.array([1.0, -1.0])
    return np.concatenate([sign * square / cubed, sign * (-0.5) * mean / cubed], axis=-1)


def _p_value(difference: float, error: float) -> float:
    if abs(difference) <= ROUNDING:
        return 1.0
    return 2.0 * normal_cdf(-abs(difference) / error) if error > 0.0 else nan
