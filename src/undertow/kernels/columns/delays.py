"""`delay` over whole columns."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import cell


@cell
def end_delay(x: NDArray[np.float64], n: int, s: NDArray[np.float64]) -> None:
    """Let `delay` have seen the column, of which it has taken the first n; what is older is gone.

    The place may differ from the cell's own, what it answers from then on does not.
    """
    first = len(x) - n
    if first > 0:
        s[0], s[1] = n, 0.0
        for k in range(n):
            s[2 + k] = x[first + k]
