"""Columns of numbers, checked at the door: one series or many at once."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError

Measure: TypeAlias = Any
"""A float for a series of shape (n,), an array of shape (k,) for one of shape (n, k)."""


class Columns(NamedTuple):
    """array: shape (n, k), all finite. is_single: the caller gave one series of shape (n,)."""

    array: NDArray[np.float64]
    is_single: bool

    def measure(self, values: NDArray[np.float64]) -> Measure:
        """One value a column, in the shape the caller asked in."""
        return float(values[0]) if self.is_single else values

    def shaped(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of columns, in the shape the caller asked in."""
        return values[:, 0] if self.is_single else values


def checked_columns(values: ArrayLike, what: str, *, least: int = 0) -> Columns:
    """`values` as columns of floats, shape (n,) or (n, k); `what` names them in a message.

    Refused: more than two dimensions, fewer than `least` rows, and a value that is not finite; the
    message says which.

    Source: definition.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim not in (1, 2):
        raise CallerError(f"expected {what} of shape (n,) or (n, k), found {array.shape}")
    if len(array) < least:
        raise CallerError(f"expected at least {least} {what}, found {len(array)}")
    found = Columns(array if array.ndim == 2 else array[:, None], False)
    _refuse_holes(found.array, what, is_single=array.ndim == 1)
    return found._replace(is_single=array.ndim == 1)


def checked_series(values: ArrayLike, what: str, *, least: int = 0) -> NDArray[np.float64]:
    """`values` as one series of finite floats, shape (n,); otherwise as `checked_columns`.

    Source: definition.
    """
    found = checked_columns(values, what, least=least)
    if not found.is_single:
        raise CallerError(f"expected {what} of shape (n,), found {np.shape(values)}")
    return found.array[:, 0]


def checked_pair(
    first: ArrayLike, second: ArrayLike, what: str, than: str
) -> tuple[Columns, Columns]:
    """Columns of the same number of rows; the second may be one series against many columns.

    Source: definition.
    """
    one, two = checked_columns(first, what), checked_columns(second, than)
    is_fitting = two.array.shape[1] in (1, one.array.shape[1])
    if len(one.array) != len(two.array) or not is_fitting:
        raise CallerError(
            f"expected {than} to match {what} of shape {np.shape(first)}, found {np.shape(second)}"
        )
    return one, two


def quotient(
    above: NDArray[np.float64], below: NDArray[np.float64], *, least: float = 0.0
) -> NDArray[np.float64]:
    """above / below, NaN where |below| is not more than `least`.

    `least` takes rounding for what it is: a constant series has a deviation of about 1e-17 of its
    size, not 0.

    Source: definition.
    """
    is_known = np.abs(below) > least
    return np.where(is_known, above / np.where(is_known, below, 1.0), np.nan)


def deviations_of(array: NDArray[np.float64], ddof: int = 1) -> NDArray[np.float64]:
    """Standard deviation of each column of (n, k); 0 for a constant one, NaN for n <= ddof.

    Exactly 0 where all values are equal, although their computed mean may differ in the last bit.

    Source: definition.
    """
    if len(array) <= ddof:
        return np.full(array.shape[1], np.nan)
    found: NDArray[np.float64] = np.std(array, axis=0, ddof=ddof)
    return np.where(np.ptp(array, axis=0) > 0.0, found, 0.0)


def _refuse_holes(array: NDArray[np.float64], what: str, *, is_single: bool) -> None:
    if np.isfinite(array).all():
        return
    row, column = (int(place) for place in np.argwhere(~np.isfinite(array))[0])
    where = f"index {row}" if is_single else f"row {row}, column {column}"
    raise CallerError(f"expected finite {what}, found {array[row, column]} at {where}")
