"""Moving averages."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.average import average
from undertow.kernels.cells.window_sum import window_sum
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Columns, Numbers, Step


def ema_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n, share. out: average."""
    out[0] = average(s, 0, x[0], p[0], p[1])


@cell
def quick_ema(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """`ema_step` over a column."""
    x = columns[0]
    n, share = p[0], p[1]
    i = 0
    while i < len(x) and s[0] < n:
        out[0, i] = average(s, 0, x[i], n, share)
        i += 1
    value = s[1]
    for k in range(i, len(x)):
        value = fused(x[k] - value, share, value)
        out[0, k] = value
    s[1] = value


EMA = Step(ema_step, quick_ema)


def sma_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: value. p: n. out: mean of the last n."""
    out[0] = window_sum(s, 0, x[0], int(p[0])) / p[0]


SMA = Step(sma_step)
