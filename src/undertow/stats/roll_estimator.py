"""Effective spread from trade prices alone."""

from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike


def roll_spread(prices: ArrayLike) -> float:
    """2 * sqrt(-cov(dP_t, dP_{t-1})) in price units, sample covariance.

    NaN where the covariance is not negative: prices that trend say nothing about the spread, and
    taking the absolute value would invent one. NaN for fewer than 4 prices.

    Source: Roll (1984), J. Finance 39(4).
    """
    changes = np.diff(np.asarray(prices, dtype=np.float64).ravel())
    if len(changes) < 3:
        return nan
    after, before = changes[1:], changes[:-1]
    products = (after - after.mean()) * (before - before.mean())
    covariance = float(np.sum(products)) / (len(after) - 1)
    return 2.0 * sqrt(-covariance) if covariance < 0.0 else nan
