"""Long-run covariance of serially correlated series: HAC, Andrews' bandwidth, prewhitening."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_table

Kernel = Literal["parzen", "quadratic_spectral"]

_LARGEST_ROOT = 0.97  # singular values of the prewhitening matrix are cut here
_TINY = 1e-300
_NEAR = 1e-8
_CELLS = 1 << 22  # rows x columns worked on at once


def long_run_covariance(
    residuals: ArrayLike, *, parameters: int = 0, kernel: Kernel = "parzen"
) -> NDArray[np.float64]:
    """n/(n - parameters) (Gamma_0 + sum over lags of k(j/S) (Gamma_j + Gamma_j')), shape (k, k).

    residuals: shape (n, k), time down, each with mean 0 (or the mean stays in). Gamma_j has divisor
    n. S is Andrews' automatic bandwidth, at most n - 1. `parameters`: estimated ones, for the
    degrees-of-freedom factor. Positive semi-definite.

    Source: Andrews (1991), Econometrica 59(3): Parzen 2.6614 (a n)^(1/5), quadratic spectral
    1.3221 (a n)^(1/5), a from AR(1) fits.
    """
    table = checked_table(residuals, "residuals", rows=3)
    count = len(table)
    if not 0 <= parameters < count:
        raise CallerError(f"expected 0 to {count - 1} parameters, found {parameters}")
    bandwidth = andrews_bandwidth(table, kernel=kernel)
    total = table.T @ table / count
    for lag in range(1, _lags(bandwidth, count, kernel)):
        one = table[lag:].T @ table[:-lag] / count
        total += _weight(lag / bandwidth, kernel) * (one + one.T)
    return np.asarray(total * (count / (count - parameters)))


def prewhitened_long_run_covariance(
    residuals: ArrayLike, *, parameters: int = 0, kernel: Kernel = "parzen"
) -> NDArray[np.float64]:
    """D `long_run_covariance`(u) D', u the residuals of a VAR(1), D = (I - A)^-1, shape (k, k).

    A by least squares without intercept, its singular values cut at 0.97. u has n - 1 rows, so the
    factor of freedom is (n - 1)/(n - 1 - parameters).

    Source: Andrews and Monahan (1992), Econometrica 60(4). Variant: as Ledoit and Wolf (2008).
    """
    table = checked_table(residuals, "residuals", rows=4)
    before, after = table[:-1], table[1:]
    fitted = np.linalg.lstsq(before, after, rcond=None)[0].T
    left, sizes, right = np.linalg.svd(fitted)
    matrix = (left * np.minimum(sizes, _LARGEST_ROOT)) @ right
    whitened = after - before @ matrix.T
    undo = np.linalg.inv(np.eye(len(matrix)) - matrix)
    inner = long_run_covariance(whitened, parameters=parameters, kernel=kernel)
    return np.asarray(undo @ inner @ undo.T)


def andrews_bandwidth(residuals: ArrayLike, *, kernel: Kernel = "parzen") -> float:
    """Automatic bandwidth in observations, at most n - 1; 0 where nothing correlates.

    a = sum 4 r^2 s^4 / (1 - r)^8 over sum s^4 / (1 - r)^4, (r, s) of an AR(1) with intercept fitted
    to each column by least squares.

    Source: Andrews (1991), Econometrica 59(3), eq. 6.4.
    """
    if kernel not in _FACTORS:
        raise CallerError(f"expected one of {', '.join(_FACTORS)}, found {kernel!r}")
    table = checked_table(residuals, "residuals", rows=3)
    count = len(table)
    before = table[:-1] - table[:-1].mean(axis=0)
    after = table[1:] - table[1:].mean(axis=0)
    energy = np.sum(before * before, axis=0)
    slopes = np.sum(before * after, axis=0) / np.maximum(energy, _TINY)
    errors = after - before * slopes
    fourth = np.mean(errors * errors, axis=0) ** 2
    # A slope of exactly 1 would be infinite memory; the cap at n - 1 takes care of what is near.
    away = np.where(np.abs(1.0 - slopes) < _NEAR, _NEAR, 1.0 - slopes)
    below = float(np.sum(fourth / away**4))
    above = float(np.sum(4.0 * slopes**2 * fourth / away**8))
    memory = above / below if below > 0.0 else 0.0
    bandwidth: float = _FACTORS[kernel] * (memory * count) ** 0.2
    return min(bandwidth, count - 1.0)


def prewhitened_mean_errors(table: ArrayLike) -> NDArray[np.float64]:
    """Standard error of the mean of each column, shape (k,): sqrt(long-run variance / n).

    Each column on its own by `prewhitened_long_run_covariance` with one parameter, all at once
    through the Fourier transform. 0 for a column that never varies.

    Source: Andrews and Monahan (1992), Econometrica 60(4). Variant: one VAR(1) a column.
    """
    array = checked_table(table, "returns", rows=5)
    step = max(_CELLS // len(array), 1)
    parts = [_mean_errors(array[:, at : at + step]) for at in range(0, array.shape[1], step)]
    return np.concatenate(parts)


def _mean_errors(array: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(array)
    flat = array.max(axis=0) == array.min(axis=0)
    centred = array - array.mean(axis=0)
    before, after = centred[:-1], centred[1:]
    energy = np.maximum(np.sum(before * before, axis=0), _TINY)
    slope = np.clip(np.sum(before * after, axis=0) / energy, -_LARGEST_ROOT, _LARGEST_ROOT)
    whitened = after - slope * before
    lagged = _autocovariances(whitened)
    bandwidths = _column_bandwidths(whitened)
    lags = np.arange(1, count - 1)[:, None]
    shares = np.minimum(lags / np.maximum(bandwidths, _TINY), 1.0)
    near = 1.0 - 6.0 * shares**2 * (1.0 - shares)
    weights = np.where(shares <= 0.5, near, 2.0 * (1.0 - shares) ** 3)
    inner = lagged[0] + 2.0 * np.sum(weights * lagged[1:], axis=0)
    variance = inner * (count - 1.0) / (count - 2.0) / (1.0 - slope) ** 2
    return np.where(flat, 0.0, np.sqrt(np.maximum(variance, 0.0) / count))


def _autocovariances(table: NDArray[np.float64]) -> NDArray[np.float64]:
    # All lags of all columns, divisor n, no centring.
    count = len(table)
    spectrum = np.fft.rfft(table, 2 * count, axis=0)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, 2 * count, axis=0)[:count] / count)


def _column_bandwidths(table: NDArray[np.float64]) -> NDArray[np.float64]:
    # Andrews' Parzen bandwidth of each column on its own.
    before = table[:-1] - table[:-1].mean(axis=0)
    after = table[1:] - table[1:].mean(axis=0)
    slope = np.sum(before * after, axis=0) / np.maximum(np.sum(before * before, axis=0), _TINY)
    away = np.where(np.abs(1.0 - slope) < _NEAR, _NEAR, 1.0 - slope)
    found = _FACTORS["parzen"] * (4.0 * slope**2 / away**4 * len(table)) ** 0.2
    return np.asarray(np.minimum(found, len(table) - 1.0))


_FACTORS: dict[str, float] = {"parzen": 2.6614, "quadratic_spectral": 1.3221}


def _lags(bandwidth: float, count: int, kernel: Kernel) -> int:
    # Parzen has no weight from the bandwidth on; the spectral kernel reaches all lags.
    if bandwidth <= 0.0:
        return 1
    return int(np.ceil(bandwidth)) if kernel == "parzen" else count


def _weight(share: float, kernel: Kernel) -> float:
    if kernel == "parzen":
        if share <= 0.5:
            return float(1.0 - 6.0 * share**2 + 6.0 * share**3)
        return float(2.0 * max(1.0 - share, 0.0) ** 3)
    angle = 6.0 * np.pi * share / 5.0
    return float(25.0 / (12.0 * (np.pi * share) ** 2) * (np.sin(angle) / angle - np.cos(angle)))
