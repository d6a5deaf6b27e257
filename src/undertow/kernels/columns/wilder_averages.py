"""`wilder_average` over whole columns."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.wilder_average import BEFORE, EARLIER, LATEST, wilder_weights
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused

Column = NDArray[np.float64]


@cell
def wilder_averages(x: Column, n: int, s: Column, out: Column) -> None:
    """out = `wilder_average(s, 0, x, n)`, after more than n values; `out` may be x itself."""
    keep, old, new = wilder_weights(n)
    value, earlier, before = s[LATEST], s[EARLIER], s[BEFORE]
    for k in range(len(x)):
        latest, given = value, x[k]
        value = fused(earlier, keep, fused(before, old, given * new))
        earlier, before = latest, given
        out[k] = value
    s[LATEST], s[EARLIER], s[BEFORE] = value, earlier, before
