"""Gains of periods against losses of periods: Omega and gain to pain."""

import numpy as np
from numpy.typing import ArrayLike

from undertow.stats.columns import Measure, checked_columns, quotient


def omega(returns: ArrayLike, *, threshold: float = 0.0) -> Measure:
    """Gains above a threshold over losses below it: sum max(r - t, 0) / sum max(t - r, 0).

    threshold: of a period. At 0 it is the profit factor of the periods, which is not that of the
    trades. NaN without a return below the threshold.

    Source: Keating and Shadwick (2002), A universal performance measure.
    """
    columns = checked_columns(returns, "returns")
    excess = columns.array - threshold
    gains = np.sum(np.maximum(excess, 0.0), axis=0)
    return columns.measure(quotient(gains, np.sum(np.maximum(-excess, 0.0), axis=0)))


def gain_to_pain(returns: ArrayLike) -> Measure:
    """Sum of all returns over the size of the sum of the negative ones.

    Its author takes months; with days it is a different, smaller number. NaN without a loss.

    Source: Schwager (2012), Hedge Fund Market Wizards.
    """
    columns = checked_columns(returns, "returns")
    pain = np.sum(np.maximum(-columns.array, 0.0), axis=0)
    return columns.measure(quotient(np.sum(columns.array, axis=0), pain))
