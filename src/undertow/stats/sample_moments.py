"""Skewness and kurtosis of columns."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import Measure, checked_columns, deviations_of, quotient


def skewness(values: ArrayLike) -> Measure:
    """g1 = m3 / m2^1.5 with population moments, not corrected for bias; a normal has 0.

    NaN for fewer than 2 values and for values that do not vary.

    Source: Bailey and Lopez de Prado (2012), as plugged into the probabilistic Sharpe ratio.
    Variant: biased; pandas' .skew() is corrected.
    """
    columns = checked_columns(values, "values")
    scores = _scores(columns.array)
    return columns.measure(np.mean(scores * scores * scores, axis=0))


def kurtosis(values: ArrayLike) -> Measure:
    """b2 = m4 / m2^2 with population moments: the FULL kurtosis, a normal has 3.

    NaN for fewer than 2 values and for values that do not vary.

    Source: Bailey and Lopez de Prado (2012), as plugged into the probabilistic Sharpe ratio.
    Variant: biased and full; pandas' .kurt() is corrected and has 3 subtracted.
    """
    columns = checked_columns(values, "values")
    squares = _scores(columns.array) ** 2
    return columns.measure(np.mean(squares * squares, axis=0))


def _scores(array: NDArray[np.float64]) -> NDArray[np.float64]:
    # Standardised with the population deviation; one row of NaN where that is not known.
    if len(array) < 2:
        return np.full((1, array.shape[1]), np.nan)
    return quotient(array - array.mean(axis=0), np.tile(deviations_of(array, 0), (len(array), 1)))
