"""The Sharpe ratio: mean over deviation."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.stats.columns import Measure, checked_columns, deviations_of, quotient


def sharpe(returns: ArrayLike, periods_per_year: float, *, risk_free: float = 0.0) -> Measure:
    """Annualised mean of the returns over their deviation: mean(r) / std(r) * sqrt(periods a year).

    returns: simple returns of a period, shape (n,) or (n, k), no start point. periods_per_year: 365
    for days of a market that never closes; 1 for the ratio of a period. risk_free: of a period.
    NaN for fewer than 2 returns and for returns that do not vary.

    Source: Sharpe (1994), J. Portfolio Management 21(1). Variant: ddof=1, simple returns, risk-free
    0 by default.
    """
    columns = checked_columns(returns, "returns")
    array = columns.array - risk_free
    if len(array) < 2:
        return columns.measure(np.full(array.shape[1], np.nan))
    ratio = quotient(array.mean(axis=0), deviations_of(array))
    return columns.measure(ratio * np.sqrt(periods_per_year))
