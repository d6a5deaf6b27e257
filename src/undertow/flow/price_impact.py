"""How much trading moves the price: Kyle's lambda, Hasbrouck's, and Amihud's illiquidity.

Over intervals (bars): the price change of an interval against what was traded in the same one. NaN
where a number is not defined: too few intervals, or nothing that varies.
"""

from math import nan

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.flow.finite_column import finite_column
from undertow.flow.flow_view import Bars


class Impact(msgspec.Struct, frozen=True, gc=False):
    """slope: price change per unit of signed volume. r2: share of the variance it explains (about
    zero without an intercept). intervals: pairs used.
    """

    slope: float
    r2: float
    intervals: int


def kyle_lambda(
    price_changes: ArrayLike, signed_volume: ArrayLike, *, has_intercept: bool = True
) -> Impact:
    """Least-squares slope of price change on signed volume (buys less sells) of the interval.

    With an intercept (the main form; Kyle 1985, Hasbrouck 2009), or without (as mlfinlab does it on
    trades). Mean of dP / signed volume over bars, which some call by this name, is no regression.
    Needs 3 intervals (2 without an intercept).
    """
    return _regression(
        finite_column(price_changes), finite_column(signed_volume), has_intercept=has_intercept
    )


def kyle_lambda_of_bars(bars: Bars, *, has_intercept: bool = True) -> Impact:
    """The same from closed bars: change of the close in ticks, on the delta in lots of that bar."""
    closes = bars["close_ticks"].astype(np.float64)
    delta = (bars["buy_lots"] - bars["sell_lots"]).astype(np.float64)
    return _regression(np.diff(closes), delta[1:], has_intercept=has_intercept)


def hasbrouck_lambda(
    log_returns: ArrayLike, signed_root_values: ArrayLike, *, has_intercept: bool = True
) -> Impact:
    """Slope of the log return on the sum of side * sqrt(price * quantity) over the trades of the
    interval (Hasbrouck 2009, J. Finance 64(3)): impact that grows with the root of the value.
    """
    return _regression(
        finite_column(log_returns), finite_column(signed_root_values), has_intercept=has_intercept
    )


def amihud(
    closes: ArrayLike, values: ArrayLike, *, is_simple: bool = False, scale: float = 1.0
) -> float:
    """Mean of |return| / traded value over the intervals from the second on (Amihud 2002).

    closes: prices; values: quote money traded in each interval. Returns are logarithmic (main), or
    simple with `is_simple`, as in the paper. Intervals without volume are skipped. `scale`
    multiplies the result; the literature often prints it with 1e6.
    """
    price, value = finite_column(closes), finite_column(values)
    if price.shape != value.shape or np.any(price <= 0.0) or np.any(value < 0.0):
        raise CallerError("expected as many values of 0 or more as closes above 0")
    moves = price[1:] / price[:-1] - 1.0 if is_simple else np.diff(np.log(price))
    traded = value[1:] > 0.0
    if not np.any(traded):
        return nan
    return scale * float(np.mean(np.abs(moves[traded]) / value[1:][traded]))


def _regression(y: NDArray[np.float64], x: NDArray[np.float64], *, has_intercept: bool) -> Impact:
    if x.shape != y.shape:
        raise CallerError(f"expected columns of one length, found {len(y)} and {len(x)}")
    count = len(x)
    if count < (3 if has_intercept else 2):
        return Impact(nan, nan, count)
    if has_intercept:
        x, y = x - x.mean(), y - y.mean()
    square, total = float(np.sum(x * x)), float(np.sum(y * y))
    if square == 0.0:
        return Impact(nan, nan, count)
    product = float(np.sum(x * y))
    r2 = product * product / (square * total) if total > 0.0 else nan
    return Impact(product / square, r2, count)
