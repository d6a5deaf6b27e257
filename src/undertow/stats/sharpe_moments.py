"""Sharpe ratio, skewness and kurtosis of one series, per observation, for the Sharpe tests."""

from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series
from undertow.stats.sample_moments import kurtosis, skewness
from undertow.stats.sharpe_ratio import sharpe

_SLACK = 0.99  # published moments are rounded: 1 + skewness^2 may be missed by a last digit


class ReturnMoments(NamedTuple):
    """Per observation, never annualised; kurtosis is full (3 for a normal)."""

    sharpe: float
    skewness: float
    kurtosis: float
    observations: int


def return_moments(returns: ArrayLike) -> ReturnMoments:
    """SR = mean / std(ddof=1); skewness m3/m2^1.5 and kurtosis m4/m2^2 of population moments.

    The bias-corrected moments of pandas change the third digit of what is made of them. NaN for a
    series without variation.

    Source: Bailey and Lopez de Prado (2012), J. of Risk 15(2): the estimators of their examples.
    """
    array = checked_series(returns, "returns", least=2)
    return ReturnMoments(sharpe(array, 1.0), skewness(array), kurtosis(array), len(array))


def column_sharpes(returns: NDArray[np.float64]) -> NDArray[np.float64]:
    """mean / std(ddof=1) of every column; NaN for a column without variation.

    Source: Sharpe (1994), J. Portfolio Management 21(1).
    """
    return np.asarray(sharpe(returns, 1.0))


def sharpe_variance_factor(sharpe: float, skewness: float, kurtosis: float) -> float:
    """1 - skewness SR + (kurtosis - 1)/4 SR^2: n times the variance of an estimated Sharpe ratio.

    CallerError for moments that no distribution has (kurtosis below 1 + skewness^2), the usual sign
    of an EXCESS kurtosis.

    Source: Mertens (2002), Comments on variance of the IID estimator in Lo.
    """
    if kurtosis < _SLACK * (1.0 + skewness * skewness):
        raise CallerError(
            f"expected the full kurtosis (normal = 3), at least 1 + skewness^2 = "
            f"{1.0 + skewness * skewness:.6g}, found {kurtosis!r}; is it the excess kurtosis?"
        )
    factor = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe
    return factor if factor > 0.0 else nan
