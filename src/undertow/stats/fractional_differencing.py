"""Fractional differencing: (1 - B)^d of a series, which keeps memory that whole differences
destroy.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.domain.extra_library import extra_library
from undertow.stats.array_input import checked_share
from undertow.stats.columns import checked_series

_MOST_WEIGHTS = 10_000_000
_DIRECT = 1 << 22  # multiplications up to which a direct sum beats the Fourier transform


class DifferencingSearch(NamedTuple):
    """order: the smallest d that passed, NaN when none did; weights' number in it.

    orders, p_values, correlations: of each d tried, ascending, up to the one that passed (of the
    unit root test, and with the original series over the same rows).
    """

    order: float
    width: int
    orders: NDArray[np.float64]
    p_values: NDArray[np.float64]
    correlations: NDArray[np.float64]


def differencing_weights(order: float, size: int) -> NDArray[np.float64]:
    """w_0 = 1, w_k = -w_{k-1} (d - k + 1)/k, the newest observation's weight first, shape (size,).

    order: d; 0 changes nothing, 1 is the plain difference. The book stores them oldest first.

    Source: Hosking (1981), Biometrika 68(1); Lopez de Prado (2018), chapter 5.
    """
    if size < 1 or not np.isfinite(order):
        raise CallerError(f"expected a finite order and a size of 1 or more, found {order}, {size}")
    steps = np.arange(1, size)
    return np.concatenate([[1.0], np.cumprod((steps - 1.0 - order) / steps)])


def fixed_width_weights(order: float, threshold: float = 1e-5) -> NDArray[np.float64]:
    """`differencing_weights` up to, and without, the first whose size is below `threshold`.

    Source: Lopez de Prado (2018), snippet 5.3 (size of the weight, not the weight loss of 5.2).
    """
    checked_share(threshold, "a threshold")
    size = 64
    while size <= _MOST_WEIGHTS:
        weights = differencing_weights(order, size)
        small = np.abs(weights) < threshold
        if small.any():
            return weights[: int(small.argmax())]
        size *= 8
    raise CallerError(f"expected a threshold reached in {_MOST_WEIGHTS} weights, found {threshold}")


def fixed_width_difference(
    values: ArrayLike, order: float, *, threshold: float = 1e-5
) -> NDArray[np.float64]:
    """sum over k < width of w_k x_{t-k}, shape (n,); NaN until the window is full.

    The window is as wide as the threshold says, also when that is wider than the series: then all
    is NaN, and a larger threshold or more data is needed. Use log prices.

    Source: Lopez de Prado (2018), snippet 5.3.
    """
    array = checked_series(values, "values", least=1)
    weights = fixed_width_weights(order, threshold)
    found = np.full(len(array), np.nan)
    if len(weights) <= len(array):
        found[len(weights) - 1 :] = _convolved(array, weights)[len(weights) - 1 :]
    return found


def expanding_difference(values: ArrayLike, order: float) -> NDArray[np.float64]:
    """sum over k = 0 .. t of w_k x_{t-k}, shape (n,): no truncation, every row has other memory.

    By the Fourier transform for long series, O(n log n).

    Source: Hosking (1981), Biometrika 68(1).
    """
    array = checked_series(values, "values", least=1)
    return _convolved(array, differencing_weights(order, len(array)))


def least_differencing(
    values: ArrayLike,
    *,
    significance: float = 0.05,
    step: float = 0.05,
    most: float = 1.0,
    threshold: float = 1e-4,
) -> DifferencingSearch:
    """The smallest d = 0, step, 2 step ... most whose fixed-width difference has no unit root.

    By the augmented Dickey-Fuller test (constant, lags by AIC) of the library statsmodels (extra
    `stats`; ConfigurationError when it is missing). values: log prices. The best of many tests at
    one level: over tries of d the level is not `significance`. Orders that leave fewer than 20 rows
    are NaN.

    Source: Lopez de Prado (2018), section 5.6; Dickey and Fuller (1979).
    """
    array = checked_series(values, "values", least=20)
    checked_share(significance, "significance")
    if not 0.0 < step <= most:
        raise CallerError(f"expected a step above 0 and up to {most}, found {step}")
    tools = extra_library("statsmodels.tsa.stattools", extra="stats", purpose="the unit root test")
    rows: list[tuple[float, float, float, int]] = []
    for order in np.arange(round(most / step) + 1) * step:
        found = fixed_width_difference(array, float(order), threshold=threshold)
        known = np.isfinite(found)
        p_value = correlation = np.nan
        if known.sum() >= 20 and np.ptp(found[known]) > 0.0:
            answer = tools.adfuller(found[known], regression="c", autolag="AIC", result_object=True)
            p_value = float(answer.pvalue)
            correlation = float(np.corrcoef(found[known], array[known])[0, 1])
        width = len(fixed_width_weights(float(order), threshold))
        rows.append((float(order), p_value, correlation, width))
        if p_value <= significance:
            break
    orders, p_values, correlations, widths = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    is_found = bool(p_values[-1] <= significance)
    order = float(orders[-1]) if is_found else float("nan")
    return DifferencingSearch(order, int(widths[-1]), orders, p_values, correlations)


def _convolved(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(values) * len(weights) <= _DIRECT:
        return np.convolve(values, weights)[: len(values)]
    from scipy.signal import oaconvolve

    # Relative to the first value: the transform's error goes with the size of what it sums.
    shift = values[0]
    base = shift * np.cumsum(np.concatenate([weights, np.zeros(len(values))])[: len(values)])
    return np.asarray(oaconvolve(values - shift, weights)[: len(values)] + base)
