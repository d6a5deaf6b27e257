"""Tables, places and shares as callers hand them in, checked at the door."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_columns


def checked_table(
    values: ArrayLike, name: str, *, rows: int = 2, columns: int = 1
) -> NDArray[np.float64]:
    """A table of finite numbers, shape (n, k): time down, one column a series.

    Source: definition.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.shape[0] < rows or array.shape[1] < columns:
        raise CallerError(
            f"expected {name} with at least {rows} rows (time) and {columns} columns, "
            f"found shape {array.shape}"
        )
    return checked_columns(array, name).array


def whole_numbers(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """One row of whole numbers: places in an array, or times in ns.

    Source: definition.
    """
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise CallerError(
            f"expected {name} as one row of whole numbers, found {array.dtype} "
            f"of shape {array.shape}"
        )
    return array.astype(np.int64)


def checked_share(value: float, name: str) -> float:
    """A number strictly between 0 and 1.

    Source: definition.
    """
    if not 0.0 < value < 1.0:
        raise CallerError(f"expected {name} between 0 and 1 (both excluded), found {value!r}")
    return float(value)
