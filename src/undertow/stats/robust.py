"""Robust location, spread and scores, and capped normalisers.

NaN means unknown: too few values, or values without any spread. Values that are not finite are
left out.
"""

from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.kernels.robust_spread import NORMAL_MAD, NORMAL_MEAN_DEVIATION

OUTLIER_SCORE = 3.5
"""A modified z-score beyond this is an outlier (Iglewicz and Hoaglin 1993)."""


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64).ravel()
    return array[np.isfinite(array)]


def median_absolute_deviation(values: ArrayLike) -> float:
    """median |x - median|, in the unit of the values and not scaled; NaN when there are none.

    Source: Hampel (1974), JASA 69(346). Variant: raw, without a factor.
    """
    array = _finite(values)
    if not len(array):
        return nan
    return float(np.median(np.abs(array - np.median(array))))


def _centre_and_scale(sample: NDArray[np.float64]) -> tuple[float, float]:
    # The scale estimates a standard deviation; NaN where the sample has no spread.
    centre = float(np.median(sample))
    deviations = np.abs(sample - centre)
    spread = float(np.median(deviations)) / NORMAL_MAD
    if spread == 0.0:
        spread = NORMAL_MEAN_DEVIATION * float(np.mean(deviations))
    return centre, spread if spread > 0.0 else nan


def robust_scale(values: ArrayLike, *, least: int = 5) -> float:
    """Standard deviation as the median tells it: MAD / 0.6745, and 1.253314 * mean deviation where
    MAD is 0; NaN for fewer than `least` values or without spread.

    Source: Iglewicz and Hoaglin (1993), ASQC vol. 16.
    """
    sample = _finite(values)
    return _centre_and_scale(sample)[1] if len(sample) >= max(least, 1) else nan


def modified_z_score(value: float, history: ArrayLike, *, least: int = 5) -> float:
    """How unusual `value` is against a history that does not contain it.

    0.6745 * (value - median) / MAD; where more than half of the history is equal and MAD is 0,
    (value - median) / (1.253314 * mean deviation); NaN for fewer than `least` values or a history
    without spread.

    Source: Iglewicz and Hoaglin (1993), ASQC vol. 16.
    """
    sample = _finite(history)
    if len(sample) < least or not isfinite(value):
        return nan
    centre, scale = _centre_and_scale(sample)
    return (value - centre) / scale


def modified_z_scores(values: ArrayLike) -> NDArray[np.float64]:
    """The modified z-score of each value within its own sample; NaN where it is not finite.

    Source: Iglewicz and Hoaglin (1993), ASQC vol. 16.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    sample = _finite(array)
    if not len(sample):
        return np.full(len(array), nan)
    centre, scale = _centre_and_scale(sample)
    return np.where(np.isfinite(array), (array - centre) / scale, nan)


def capped(value: float, limit: float = 1.0) -> float:
    """`value` cut to -limit .. limit; NaN stays NaN. Bearish evidence keeps its sign.

    Source: definition.
    """
    if not limit > 0.0:
        raise CallerError(f"expected a limit above 0, found {limit!r}")
    return min(max(value, -limit), limit) if value == value else nan


def capped_ratio(value: float, full: float, *, floor: float = 0.0, limit: float = 1.0) -> float:
    """value / max(|full|, floor) cut to -limit .. limit; NaN where the divisor is 0 or unknown.

    Turns a feature into -1 .. 1 so that none can dominate a weighted score. The sign is that of
    `value`; `floor` keeps a ratio from exploding while its divisor passes through zero.

    Source: definition.
    """
    divisor = max(abs(full), floor)
    if not divisor > 0.0 or not isfinite(divisor):
        return nan
    return capped(value / divisor, limit)
