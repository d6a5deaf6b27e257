"""Whittle's estimate of the Hurst exponent of fractional Gaussian noise, over a window of closes.

Everything that depends on the window length alone (Fourier tables, the spectrum on a grid of
exponents) comes in as arrays, so that a window costs additions and multiplications.
"""

from math import log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

LEAST_DEVIATION = 1e-13
"""Returns that spread less than this are rounding noise of a flat or straight price."""


@compiled
def _centred_returns(close: NDArray[np.float64], returns: NDArray[np.float64]) -> float:
    # Log returns less their mean; answers the sum of their squares.
    n = len(returns)
    total = 0.0
    for t in range(n):
        returns[t] = log(close[t + 1] / close[t]) if close[t] > 0.0 and close[t + 1] > 0.0 else nan
        total += returns[t]
    spread = 0.0
    for t in range(n):
        returns[t] -= total / n
        spread += returns[t] * returns[t]
    return spread


@compiled
def _contrast(
    returns: NDArray[np.float64],
    waves: NDArray[np.float64],
    inverse: NDArray[np.float64],
    log_mean: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    # Whittle's contrast with the scale profiled out: log mean(I / f) + mean log f, per exponent.
    count = waves.shape[2]
    cosine, sine = np.zeros(count), np.zeros(count)
    for t in range(len(returns)):
        for j in range(count):
            cosine[j] += returns[t] * waves[0, t, j]
            sine[j] += returns[t] * waves[1, t, j]
    for h in range(len(out)):
        out[h] = 0.0
    for j in range(count):
        power = cosine[j] * cosine[j] + sine[j] * sine[j]
        for h in range(len(out)):
            out[h] += power * inverse[j, h]
    for h in range(len(out)):
        out[h] = log(out[h] / count) + log_mean[h]


@compiled
def _inflation(returns: NDArray[np.float64], spread: float, weights: NDArray[np.float64]) -> float:
    # How much volatility clustering widens the estimate: Lo and MacKinlay's (1988) variance of
    # each autocorrelation, weighted as the estimate weighs it, against independence; at least 1.
    n = len(returns)
    total = norm = 0.0
    for k in range(1, len(weights) + 1):
        products = 0.0
        for t in range(k, n):
            products += returns[t] * returns[t] * returns[t - k] * returns[t - k]
        total += weights[k - 1] * products
        norm += weights[k - 1]
    return max(total * n / (spread * spread) / norm, 1.0)


@compiled
def hurst_of(
    close: NDArray[np.float64],
    waves: NDArray[np.float64],
    inverse: NDArray[np.float64],
    log_mean: NDArray[np.float64],
    weights: NDArray[np.float64],
    first: float,
    step: float,
    error: float,
    caution: float,
    returns: NDArray[np.float64],
    contrast: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """One window into `out`: cautious value, estimate, standard error; NaN for flat windows.

    `waves` (2, n, m): cosine and sine of each return's place and frequency. `inverse` (m, grid):
    one over the spectrum. Grid of exponents: first + step * i. `error`: standard error for
    independent returns. `returns` (n) and `contrast` (grid) are scratch.
    """
    spread = _centred_returns(close, returns)
    if not spread > len(returns) * LEAST_DEVIATION * LEAST_DEVIATION:
        out[0] = out[1] = out[2] = nan
        return
    _contrast(returns, waves, inverse, log_mean, contrast)
    least = 0
    for h in range(1, len(contrast)):
        if contrast[h] < contrast[least]:
            least = h
    least = min(max(least, 1), len(contrast) - 2)
    left, here, right = contrast[least - 1], contrast[least], contrast[least + 1]
    bend = left - 2.0 * here + right
    shift = 0.5 * (left - right) / bend if bend > 0.0 else 0.0
    out[1] = first + step * (least + min(max(shift, -1.0), 1.0))
    out[2] = error * sqrt(_inflation(returns, spread, weights))
    excess = max(abs(out[1] - 0.5) - caution * out[2], 0.0)
    out[0] = 0.5 + excess if out[1] > 0.5 else 0.5 - excess


@compiled
def hurst(
    close: NDArray[np.float64],
    waves: NDArray[np.float64],
    inverse: NDArray[np.float64],
    log_mean: NDArray[np.float64],
    weights: NDArray[np.float64],
    first: float,
    step: float,
    error: float,
    caution: float,
    out: NDArray[np.float64],
) -> None:
    """Every full window of closes; `out` has shape (n, 3) and keeps its rows before the first."""
    window = waves.shape[1] + 1
    returns, contrast = np.empty(window - 1), np.empty(len(log_mean))
    for i in range(window, len(close) + 1):
        hurst_of(
            close[i - window : i],
            waves,
            inverse,
            log_mean,
            weights,
            first,
            step,
            error,
            caution,
            returns,
            contrast,
            out[i - 1],
        )
