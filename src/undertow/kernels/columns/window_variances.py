"""`window_variance` over whole columns."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.window_variance import (
    FAR,
    PLACE,
    REFERENCE,
    VALUES,
    window_variance,
)
from undertow.kernels.compiled import cell

Column = NDArray[np.float64]


@cell
def window_variances(x: Column, n: int, s: Column, mean: Column, variance: Column) -> bool:
    """Mean and variance of `window_variance(s, 0, x, n)`; False at a block that is not finite."""
    i = 0
    while i < len(x):
        if s[0] == n and s[PLACE] == 0.0:
            i += plain_blocks(x[i:], n, s, mean[i:], variance[i:])
        stop = min(i + n - int(s[PLACE]), len(x))
        for k in range(i, stop):
            mean[k], variance[k] = window_variance(s, 0, x[k], n)
            if not isfinite(x[k]):
                return False
        i = stop
    return True


@cell
def plain_blocks(x: Column, n: int, s: Column, mean: Column, variance: Column) -> int:
    """Go over whole blocks; how many values there are before the first that sums cannot do.

    The sums of a block come first, so that what is made of them is free of order and runs in
    parallel.
    """
    share = 1.0 / n
    reference = s[REFERENCE]
    behind, squares_behind = np.zeros(n + 1), np.zeros(n + 1)
    for k in range(n):
        behind[k] = s[VALUES + n + k]
        squares_behind[k] = s[VALUES + n + n + 1 + k]
    i = 0
    while i + n <= len(x):
        values, means, variances = x[i : i + n], mean[i : i + n], variance[i : i + n]
        total = squares = 0.0
        for k in range(n):
            d = values[k] - reference
            total += d
            squares += d * d
            means[k] = total + behind[k + 1]
            variances[k] = squares + squares_behind[k + 1]
        if not isfinite(squares):
            break
        far = 0
        for k in range(n):
            total, squares = means[k], variances[k]
            rest = squares - total * total * share
            far += rest < FAR * squares
            means[k] = reference + total * share
            variances[k] = rest * share if rest > 0.0 else 0.0
        if far > 0:
            break
        reference = values[n - 1]
        total = squares = 0.0
        for k in range(n - 1, -1, -1):
            d = values[k] - reference
            total += d
            squares += d * d
            behind[k] = total
            squares_behind[k] = squares
        i += n
    if i > 0:
        s[REFERENCE] = reference
        for k in range(n):
            s[VALUES + k] = x[i - n + k]
            s[VALUES + n + k] = behind[k]
            s[VALUES + n + n + 1 + k] = squares_behind[k]
    return i
