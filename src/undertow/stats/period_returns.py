"""Single periods: the best, the worst, how many were positive; and returns by calendar month."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, checked_series


class CalendarReturns(NamedTuple):
    """month: shape (m,), numpy months (UTC). returns: shape (m,), compounded, as fractions."""

    month: NDArray[np.datetime64]
    returns: NDArray[np.float64]


def best_period(returns: ArrayLike) -> Measure:
    """The highest return; NaN without returns.

    Source: definition.
    """
    columns = checked_columns(returns, "returns")
    return columns.measure(np.max(_or_unknown(columns.array), axis=0))


def worst_period(returns: ArrayLike) -> Measure:
    """The lowest return; NaN without returns.

    Source: definition.
    """
    columns = checked_columns(returns, "returns")
    return columns.measure(np.min(_or_unknown(columns.array), axis=0))


def positive_share(returns: ArrayLike) -> Measure:
    """Share of all periods with a return above 0; periods of exactly 0 count as not positive.

    NaN without returns.

    Source: definition.
    """
    columns = checked_columns(returns, "returns")
    if not len(columns.array):
        return columns.measure(np.full(columns.array.shape[1], np.nan))
    return columns.measure(np.mean(columns.array > 0.0, axis=0))


def monthly_returns(time_ns: ArrayLike, equity: ArrayLike) -> CalendarReturns:
    """Compounded return of each calendar month (UTC) from the start's month to the end's.

    time_ns, equity: shape (n + 1,), the start first, times strictly rising. A point at the first
    instant of a month closes the month before. Months without a point have 0; the first and the
    last may be incomplete.

    Source: definition.
    """
    values = checked_series(equity, "equity", least=2)
    times = np.asarray(time_ns, dtype=np.int64)
    if times.shape != values.shape or not (np.diff(times) > 0).all():
        raise CallerError(f"expected {len(values)} times that rise, found shape {times.shape}")
    first = times[:1].astype("datetime64[ns]").astype("datetime64[M]")
    owner = (times[1:] - 1).astype("datetime64[ns]").astype("datetime64[M]")
    months = np.arange(first[0], owner[-1] + 1)
    last = np.searchsorted(owner, months, side="right")
    closes = values[np.concatenate(([0], last))]
    if not (closes[:-1] > 0.0).all():
        raise CallerError("expected equity above 0 at the start of every month")
    return CalendarReturns(months, closes[1:] / closes[:-1] - 1.0)


def _or_unknown(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return array if len(array) else np.full((1, array.shape[1]), np.nan)
