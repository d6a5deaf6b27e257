"""Pearson's correlation of two columns."""

from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError


def correlation(first: ArrayLike, second: ArrayLike) -> float:
    """r = sum (x - mx)(y - my) / sqrt(sum (x - mx)^2 sum (y - my)^2), -1 to 1.

    NaN where one does not vary, for fewer than 2 pairs, and where a value is not finite.

    Source: Pearson (1895), Proceedings of the Royal Society 58.
    """
    one, two = (np.asarray(column, dtype=np.float64).ravel() for column in (first, second))
    if one.shape != two.shape:
        raise CallerError(f"expected columns of one length, found {len(one)} and {len(two)}")
    if len(one) < 2 or not (np.all(np.isfinite(one)) and np.all(np.isfinite(two))):
        return nan
    one, two = one - one.mean(), two - two.mean()
    size = sqrt(float(np.sum(one * one))) * sqrt(float(np.sum(two * two)))
    return min(max(float(np.sum(one * two)) / size, -1.0), 1.0) if size > 0.0 else nan
