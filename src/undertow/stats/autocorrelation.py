"""Autocorrelation and the Ljung-Box test."""

from math import erfc, exp, inf, lgamma, log, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError


class LjungBox(NamedTuple):
    """The statistic, its degrees of freedom and its p-value under independence."""

    statistic: float
    lags: int
    p_value: float


def autocorrelations(values: ArrayLike, lags: int) -> NDArray[np.float64]:
    """r_1 .. r_lags: sum (x_t - m)(x_{t-k} - m) / sum (x_t - m)**2.

    One mean and the whole-sample sum of squares, so it is biased towards 0 and differs from the
    Pearson correlation of the two slices. NaN for a constant series.

    Source: Box and Jenkins (1970), Time Series Analysis. Variant: divisor n.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    if not 1 <= lags < len(array):
        raise CallerError(f"expected 1 <= lags < {len(array)} values, found {lags}")
    deviations = array - array.mean()
    spread = float(np.sum(deviations * deviations))
    if spread == 0.0:
        return np.full(lags, nan)
    sums = [float(np.sum(deviations[k:] * deviations[:-k])) for k in range(1, lags + 1)]
    return np.array(sums) / spread


def ljung_box(values: ArrayLike, lags: int) -> LjungBox:
    """Q = n (n + 2) sum r_k**2 / (n - k) against chi-squared(lags).

    Source: Ljung and Box (1978), Biometrika 65(2).
    """
    count = np.asarray(values).size
    found = autocorrelations(values, lags)
    weights = 1.0 / (count - np.arange(1, lags + 1))
    statistic = float(count * (count + 2.0) * np.sum(found * found * weights))
    return LjungBox(statistic, lags, chi_squared_tail(statistic, lags))


def chi_squared_tail(statistic: float, degrees: int) -> float:
    """P(X > statistic) for chi-squared with whole degrees of freedom; NaN for NaN.

    Source: Abramowitz and Stegun (1964), finite sums 26.4.4 (odd) and 26.4.5 (even).
    """
    if degrees < 1:
        raise CallerError(f"expected at least 1 degree of freedom, found {degrees}")
    if not statistic > 0.0:
        return nan if statistic != statistic else 1.0
    if statistic == inf:
        return 0.0
    half = statistic / 2.0
    if degrees % 2:
        tail = erfc(sqrt(half))
        powers = [k - 0.5 for k in range(1, (degrees + 1) // 2)]
    else:
        tail = exp(-half)
        powers = [float(k) for k in range(1, degrees // 2)]
    for power in powers:
        tail += exp(power * log(half) - half - lgamma(power + 1.0))
    return min(tail, 1.0)
