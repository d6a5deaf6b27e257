"""From equity to returns and back."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, checked_series


def simple_returns(equity: ArrayLike) -> NDArray[np.float64]:
    """Period returns E_t / E_{t-1} - 1 of a marked equity curve whose first point is the start.

    equity: shape (n + 1,) or (n + 1, k), in money. Gives shape (n,) or (n, k), fractions (0.01 =
    1 %). Refused: an equity at or below 0 before the last point, because what comes after it is not
    a return; `until_ruin` cuts the curve there.

    Source: definition. Variant: simple, not logarithmic.
    """
    columns = checked_columns(equity, "equity", least=1)
    _refuse_ruin(columns.array[:-1], is_single=columns.is_single)
    return columns.shaped(columns.array[1:] / columns.array[:-1] - 1.0)


def log_returns(equity: ArrayLike) -> NDArray[np.float64]:
    """ln(E_t / E_{t-1}); shapes as `simple_returns`; every point must be above 0.

    Source: definition.
    """
    columns = checked_columns(equity, "equity", least=1)
    _refuse_ruin(columns.array, is_single=columns.is_single)
    return columns.shaped(np.diff(np.log(columns.array), axis=0))


def compounded_equity(returns: ArrayLike, start: float = 1.0) -> NDArray[np.float64]:
    """start * cumprod(1 + r) with the start as first point: shape (n,) gives (n + 1,).

    A return of -1 or less ends the curve at that point; from there on it stays where it is.

    Source: definition.
    """
    columns = checked_columns(returns, "returns")
    factors = 1.0 + columns.array
    if not (factors > 0.0).all():
        after = np.cumsum(factors <= 0.0, axis=0) - (factors <= 0.0) > 0
        factors = np.where(after, 1.0, factors)
    first = np.ones((1, factors.shape[1]))
    return columns.shaped(np.multiply.accumulate(np.vstack((start * first, factors)), axis=0))


def total_return(equity: ArrayLike) -> Measure:
    """E_end / E_start - 1, a fraction.

    Source: definition.
    """
    columns = checked_columns(equity, "equity", least=1)
    _refuse_ruin(columns.array[:1], is_single=columns.is_single)
    return columns.measure(columns.array[-1] / columns.array[0] - 1.0)


def until_ruin(equity: ArrayLike) -> NDArray[np.float64]:
    """The curve up to its first point at or below 0, that point included; all of it if none is.

    Source: definition.
    """
    array = checked_series(equity, "equity", least=1)
    ruined = np.flatnonzero(array <= 0.0)
    return array[: int(ruined[0]) + 1] if len(ruined) else array


def _refuse_ruin(array: NDArray[np.float64], *, is_single: bool) -> None:
    if (array > 0.0).all():
        return
    row, column = (int(place) for place in np.argwhere(array <= 0.0)[0])
    where = f"index {row}" if is_single else f"row {row}, column {column}"
    raise CallerError(
        f"expected equity above 0, found {array[row, column]} at {where}: an account that is gone "
        "has no further returns, see until_ruin"
    )
