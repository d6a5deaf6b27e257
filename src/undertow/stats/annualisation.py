"""How many periods a year has, and the deviation of a year."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, deviations_of

DAY_NS = 86_400_000_000_000
"""Nanoseconds of a day."""

DAYS_PER_YEAR = 365.0
"""Days of a year for a market that never closes; one that does has about 252 trading days."""


def periods_per_year(step_ns: int, *, days_per_year: float = DAYS_PER_YEAR) -> float:
    """Periods of `step_ns` in a year: 365 for days, 8,760 for hours, 525,600 for minutes.

    Source: definition. Variant: 365 days; quantstats and empyrical use 252.
    """
    if step_ns < 1:
        raise CallerError(f"expected a step of at least 1 ns, found {step_ns}")
    return days_per_year * DAY_NS / step_ns


def volatility(returns: ArrayLike, periods_per_year: float) -> Measure:
    """Annualised standard deviation of the returns: std(r) * sqrt(periods a year).

    NaN for fewer than 2 returns; 0 for returns that do not vary.

    Source: definition. Variant: ddof=1.
    """
    columns = checked_columns(returns, "returns")
    return columns.measure(deviations_of(columns.array) * np.sqrt(periods_per_year))
