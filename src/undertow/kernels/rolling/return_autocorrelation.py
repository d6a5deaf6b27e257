"""Autocorrelation of log returns over a window, with a standard error that knows of clustering."""

from math import log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

LEAST_DEVIATION = 1e-13
"""Returns that spread less than this are rounding noise of a flat or straight price."""


@compiled
def return_autocorrelation_of(
    close: NDArray[np.float64], lag: int, returns: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """One window of closes into `out`: r, standard error, z; NaN for flat or non-positive prices.

    r = sum (x_t - m)(x_{t-lag} - m) / sum (x_t - m)**2 (Box and Jenkins: one mean, divisor n).
    Under independence r has mean -(n - lag) / (n (n - 1)) (Moran 1948) and variance
    (n - lag) / (n (n + 2)) (Ljung and Box 1978); where volatility clusters its variance is
    sum d_t**2 d_{t-lag}**2 / (sum d_t**2)**2 (Lo and MacKinlay 1988). The error takes the larger,
    z = (r - mean) / error. `returns` is scratch, n numbers.
    """
    n = len(close) - 1
    total = 0.0
    for t in range(n):
        returns[t] = log(close[t + 1] / close[t]) if close[t] > 0.0 and close[t + 1] > 0.0 else nan
        total += returns[t]
    mean = total / n
    spread = product = squares = 0.0
    for t in range(n):
        deviation = returns[t] - mean
        spread += deviation * deviation
        if t >= lag:
            pair = deviation * (returns[t - lag] - mean)
            product += pair
            squares += pair * pair
    if not spread > n * LEAST_DEVIATION * LEAST_DEVIATION:
        out[0] = out[1] = out[2] = nan
        return
    error = sqrt(max((n - lag) / (n * (n + 2.0)), squares / (spread * spread)))
    out[0] = product / spread
    out[1] = error
    out[2] = (out[0] + (n - lag) / (n * (n - 1.0))) / error


@compiled
def return_autocorrelation(
    close: NDArray[np.float64], window: int, lag: int, out: NDArray[np.float64]
) -> None:
    """Every full window of closes; `out` has shape (n, 3) and keeps its rows before the first."""
    returns = np.empty(window - 1)
    for i in range(window, len(close) + 1):
        return_autocorrelation_of(close[i - window : i], lag, returns, out[i - 1])
