"""Two plain estimators of the Hurst exponent, for research; each says what it expects.

For decisions use `indicators.hurst`, which is debiased on short windows and reports its error:
these two have a standard deviation of 0.1 and more on 100 observations.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    centred = x - x.mean()
    return float(np.sum(centred * (y - y.mean())) / np.sum(centred * centred))


def structure_function_exponent(path: ArrayLike, shortest: int = 2, longest: int = 20) -> float:
    """Slope of log std(x_{t+k} - x_t) on log k, k = shortest .. longest, over a PATH.

    The path is cumulated: log prices, not returns and not prices. Population deviation. NaN for a
    path without movement.

    Source: Mandelbrot and Van Ness (1968), SIAM Review 10(4).
    """
    array = np.asarray(path, dtype=np.float64).ravel()
    if not 1 <= shortest < longest < len(array) - 1:
        raise CallerError(
            f"expected 1 <= shortest < longest < {len(array) - 1}, found {shortest}, {longest}"
        )
    spans = np.arange(shortest, longest + 1)
    deviations = np.array([float(np.std(array[k:] - array[:-k])) for k in spans])
    if not np.all(deviations > 0.0):
        return float("nan")
    return _slope(np.log(spans), np.log(deviations))


def detrended_fluctuation_exponent(
    increments: ArrayLike, windows: Sequence[int] = (16, 32, 64, 128, 256)
) -> float:
    """DFA-1: slope of log F(n) on log n over INCREMENTS such as log returns.

    Non-overlapping windows from the start, a remainder is left out; F(n) is the root mean square
    residual of straight lines fitted to the cumulated increments. NaN without movement.

    Source: Peng et al. (1994), Physical Review E 49(2).
    """
    array = np.asarray(increments, dtype=np.float64).ravel()
    if len(windows) < 2 or min(windows) < 3 or max(windows) > len(array):
        raise CallerError(f"expected 2 or more windows of 3 to {len(array)}, found {windows}")
    path = np.cumsum(array - array.mean())
    found = np.array([_fluctuation(path, n) for n in windows])
    if not np.all(found > 0.0):
        return float("nan")
    return _slope(np.log(np.array(windows, dtype=np.float64)), np.log(found))


def _fluctuation(path: NDArray[np.float64], n: int) -> float:
    parts = path[: len(path) // n * n].reshape(-1, n)
    time = np.arange(n) - (n - 1) / 2.0
    centred = parts - parts.mean(axis=1, keepdims=True)
    slopes = np.sum(centred * time, axis=1) / np.sum(time * time)
    residuals = centred - slopes[:, None] * time
    return float(np.sqrt(np.mean(residuals * residuals)))
