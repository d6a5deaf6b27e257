"""`exponential` over whole columns."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import kept
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused

Column = NDArray[np.float64]


@cell
def exponentials(x: Column, n: int, s: Column, out: Column) -> None:
    """out = `exponential(s, 0, x, n)`, after n values; what is no number stays in the average."""
    keep, value = kept(2.0 / (n + 1.0)), s[1]
    take = 1.0 - keep
    for k in range(len(x)):
        value = fused(value, keep, x[k] * take)
        out[k] = value
    s[1] = value
