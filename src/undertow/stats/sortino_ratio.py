"""The Sortino ratio: mean over the deviation below a target."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.stats.columns import Measure, checked_columns, quotient


def downside_deviation(returns: ArrayLike, *, minimum_acceptable: float = 0.0) -> Measure:
    """sqrt(mean over ALL n of min(r - MAR, 0)^2), of a period and not annualised.

    NaN without returns; 0 when none is below the target.

    Source: Sortino and van der Meer (1991), J. Portfolio Management 17(4). Variant: root mean
    square over all observations, not the deviation of the losing ones.
    """
    columns = checked_columns(returns, "returns")
    if not len(columns.array):
        return columns.measure(np.full(columns.array.shape[1], np.nan))
    shortfalls = np.minimum(columns.array - minimum_acceptable, 0.0)
    return columns.measure(np.sqrt(np.mean(shortfalls * shortfalls, axis=0)))


def sortino(
    returns: ArrayLike, periods_per_year: float, *, minimum_acceptable: float = 0.0
) -> Measure:
    """Annualised mean above the target over the downside deviation, times sqrt(periods a year).

    mean(r - MAR) / sqrt(mean over ALL n of min(r - MAR, 0)^2). minimum_acceptable: the target
    return (MAR) of a period. NaN without a return below the target, and without returns.

    Source: Sortino and van der Meer (1991), J. Portfolio Management 17(4); Rollinger and Hoffman
    (2013). Variant: target downside deviation over all observations.
    """
    columns = checked_columns(returns, "returns")
    if not len(columns.array):
        return columns.measure(np.full(columns.array.shape[1], np.nan))
    below = np.atleast_1d(downside_deviation(returns, minimum_acceptable=minimum_acceptable))
    ratio = quotient(np.mean(columns.array - minimum_acceptable, axis=0), below)
    return columns.measure(ratio * np.sqrt(periods_per_year))
