"""The growth rate of a year."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns

LEAST_GROWTH_DAYS = 30.0
"""Reports show no yearly growth below this many days: ten good days make any number."""


def cagr(equity: ArrayLike, periods_per_year: float, *, least_years: float = 0.0) -> Measure:
    """Compound growth of a year: (E_end / E_start)^(periods a year / n) - 1, a fraction.

    equity: the start first, shape (n + 1,) or (n + 1, k), so n periods. least_years: shorter curves
    give NaN; a report asks for `LEAST_GROWTH_DAYS` / 365. -1 where the last equity is not above 0.
    NaN without a period, and where the number has no room in a float.

    Source: definition. Variant: periods counted, a year of 365 days for days; quantstats used
    365.25 calendar days.
    """
    columns = checked_columns(equity, "equity", least=1)
    start, stop = columns.array[0], columns.array[-1]
    if not (start > 0.0).all():
        raise CallerError(f"expected a starting equity above 0, found {start.min()}")
    years = (len(columns.array) - 1) / periods_per_year
    if years <= 0.0 or years < least_years:
        return columns.measure(np.full(len(start), np.nan))
    with np.errstate(over="ignore"):
        growth = np.maximum(stop / start, 0.0) ** (1.0 / years) - 1.0
    return columns.measure(np.where(np.isfinite(growth), growth, np.nan))
