"""Channels: a middle with bounds around it, and lines that follow a trend."""

from math import isfinite, sqrt

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
from undertow.kernels.step import Columns, Numbers, Step


def bollinger_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, deviations up, deviations down. out: mean, upper band, lower band."""
    out[0], out[1], out[2] = bands(x[0], p, s)


@cell
def bands(x: float, p: Numbers, s: Numbers) -> tuple[float, float, float]:
    """Mean of the window, the band above and the band below."""
    mean, variance = window_variance(s, 0, x, int(p[0]))
    deviation = sqrt(variance)
    return mean, mean + p[1] * deviation, mean - p[2] * deviation


@cell
def quick_bollinger(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`bollinger_step` over a column, whole blocks at once; False when one is not finite."""
    x = columns[0]
    mean, upper, lower = out[0], out[1], out[2]
    n = int(p[0])
    i = 0
    while i < len(x):
        if s[0] == n and s[PLACE] == 0.0:
            i = whole_blocks(x, i, p, s, out)
        stop = min(i + n - int(s[PLACE]), len(x))
        for k in range(i, stop):
            mean[k], upper[k], lower[k] = bands(x[k], p, s)
            if not isfinite(x[k]):
                return False
        i = stop
    return True


@cell
def whole_blocks(
    column: NDArray[np.float64],
    i: int,
    p: NDArray[np.float64],
    s: NDArray[np.float64],
    out: NDArray[np.float64],
) -> int:
    """Go over blocks of n values from `i` on; where the first begins that plain sums cannot do.

    The sums of a block come first, so that what is made of them is free of order and runs in
    parallel.
    """
    n = int(p[0])
    share, up, down = 1.0 / n, p[1], p[2]
    reference = s[REFERENCE]
    behind = s[VALUES + n : VALUES + n + n + 1].copy()
    squares_behind = s[VALUES + n + n + 1 : VALUES + n + n + n + 2].copy()
    start = i
    while i + n <= len(column):
        x, mean = column[i : i + n], out[0][i : i + n]
        upper, lower = out[1][i : i + n], out[2][i : i + n]
        total = squares = 0.0
        for k in range(n):
            d = x[k] - reference
            total += d
            squares += d * d
            mean[k] = total + behind[k + 1]
            upper[k] = squares + squares_behind[k + 1]
        if not isfinite(squares):
            break
        far = 0
        for k in range(n):
            total, squares = mean[k], upper[k]
            rest = squares - total * total * share
            far += rest < FAR * squares
            rest = rest if rest > 0.0 else 0.0
            deviation = sqrt(rest * share)
            middle = reference + total * share
            mean[k] = middle
            upper[k] = middle + up * deviation
            lower[k] = middle - down * deviation
        if far > 0:
            break
        reference = x[n - 1]
        total = squares = 0.0
        for k in range(n - 1, -1, -1):
            d = x[k] - reference
            total += d
            squares += d * d
            behind[k] = total
            squares_behind[k] = squares
        i += n
    if i > start:
        s[REFERENCE] = reference
        for k in range(n):
            s[VALUES + k] = column[i - n + k]
            s[VALUES + n + k] = behind[k]
            s[VALUES + n + n + 1 + k] = squares_behind[k]
    return i


BOLLINGER = Step(bollinger_step, quick_bollinger, finds_holes=True)
