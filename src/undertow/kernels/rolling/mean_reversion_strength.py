"""How fast a price returns to its own moving average, from an AR(1) fit over a window."""

from math import inf, log, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled


@compiled
def mean_reversion_strength_of(
    close: NDArray[np.float64],
    period: int,
    deviations: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """One window of closes into `out`: strength, half-life in bars; NaN for a flat window.

    d_t = close_t - mean of the last `period` closes; phi = slope of d_t on d_{t-1} by least
    squares with intercept; strength = 1 - clip(phi, 0, 1); half-life = ln 0.5 / ln phi.
    `deviations` is scratch, len(close) - period + 1 numbers.
    """
    n = len(close) - period + 1
    origin = close[0]
    total = 0.0
    for t in range(period - 1):
        total += close[t] - origin
    for t in range(n):
        total += close[t + period - 1] - origin
        deviations[t] = close[t + period - 1] - origin - total / period
        total -= close[t] - origin
    before = after = 0.0
    for t in range(n - 1):
        before += deviations[t]
        after += deviations[t + 1]
    before /= n - 1
    after /= n - 1
    spread = product = 0.0
    for t in range(n - 1):
        spread += (deviations[t] - before) * (deviations[t] - before)
        product += (deviations[t] - before) * (deviations[t + 1] - after)
    if not spread > (n - 1) * (1e-13 * origin) * (1e-13 * origin):
        out[0] = out[1] = nan
        return
    phi = min(max(product / spread, 0.0), 1.0)
    out[0] = 1.0 - phi
    if phi <= 0.0:
        out[1] = 0.0
    else:
        out[1] = log(0.5) / log(phi) if phi < 1.0 else inf


@compiled
def mean_reversion_strength(
    close: NDArray[np.float64], window: int, period: int, out: NDArray[np.float64]
) -> None:
    """Every full window of closes; `out` has shape (n, 2) and keeps its rows before the first."""
    deviations = np.empty(window - period + 1)
    for i in range(window, len(close) + 1):
        mean_reversion_strength_of(close[i - window : i], period, deviations, out[i - 1])
