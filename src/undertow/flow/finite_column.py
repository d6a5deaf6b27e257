"""One column of finite numbers, as the measures over whole columns take them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError


def finite_column(values: ArrayLike) -> NDArray[np.float64]:
    """The values as floats; raises `CallerError` for more dimensions or what is not finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.all(np.isfinite(array)):
        raise CallerError("expected one column of finite numbers")
    return array
