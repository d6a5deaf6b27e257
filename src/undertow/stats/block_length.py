"""How long the blocks of a bootstrap should be."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import checked_series

_RUN = 5  # autocorrelations in a row that must be insignificant; log10 n is smaller in practice


class BlockLength(NamedTuple):
    """Observations: the mean length for the stationary bootstrap, the length for a circular one."""

    stationary: float
    circular: float


def optimal_block_length(values: ArrayLike) -> BlockLength:
    """The block lengths that estimate the variance of the mean best, for each kind of bootstrap.

    (2 g^2 / d)^(1/3) n^(1/3): s = sum l(k/M) R_k, g = sum l(k/M) |k| R_k over |k| <= M, d = 2 s^2
    (stationary) or 4 s^2 / 3 (circular), l the flat-top window. M is twice the first lag from which
    5 autocorrelations in a row are inside +-2 sqrt(log10(n) / n). At least 1, at most the smaller
    of 3 sqrt(n) and n / 3. 1 for fewer than 8 values and for values that do not vary. values: of
    what is resampled, or, better, the influence of each observation on the statistic.

    Source: Politis and White (2004), Econometric Reviews 23(1), with the correction of Patton,
    Politis and White (2009), 28(4). Variant: as arch and R np, but R_k / R_0 against the bound.
    """
    array = checked_series(values, "values")
    count = len(array)
    if count < 8 or not np.ptp(array) > 0.0:
        return BlockLength(1.0, 1.0)
    longest = min(int(np.ceil(np.sqrt(count))) + _RUN, count - 1)
    covariances = _autocovariances(array - array.mean(), longest)
    width = _window(covariances, count, longest)
    lags = np.arange(1, width + 1)
    weights = 2.0 * np.minimum(1.0, 2.0 * (1.0 - lags / width)) * covariances[1 : width + 1]
    slope, spread = float(np.sum(lags * weights)), float(covariances[0] + np.sum(weights))
    most = float(np.ceil(min(3.0 * np.sqrt(count), count / 3.0)))
    if spread == 0.0:
        return BlockLength(most, most)
    shape = slope * slope / (spread * spread) * count
    stationary, circular = np.cbrt(shape), np.cbrt(1.5 * shape)
    return BlockLength(float(min(max(stationary, 1.0), most)), float(min(max(circular, 1.0), most)))


def _autocovariances(centred: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    count = len(centred)
    return np.array([centred[k:] @ centred[: count - k] for k in range(lags + 1)]) / count


def _window(covariances: NDArray[np.float64], count: int, longest: int) -> int:
    is_small = np.abs(covariances[1:]) < 2.0 * np.sqrt(np.log10(count) / count) * covariances[0]
    runs = np.lib.stride_tricks.sliding_window_view(is_small, _RUN).all(axis=1)
    first = int(np.argmax(runs)) + 1 if runs.any() else longest
    return min(2 * first, longest)
