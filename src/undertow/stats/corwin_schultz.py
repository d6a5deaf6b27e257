"""Bid-ask spread from highs and lows alone."""

from math import nan

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError

_ROOT = 3.0 - 2.0 * 2.0**0.5


def high_low_spread(highs: ArrayLike, lows: ArrayLike, *, is_floored: bool = True) -> float:
    """Proportional spread (0.001 = 0.1 % of the price), mean over pairs of neighbouring periods.

    A period's high is usually a buy and its low a
    sell, and over two periods the variance doubles while the spread does not. For a pair beta =
    ln(H1/L1)^2 + ln(H2/L2)^2, gamma = ln(max H / min L)^2, c = 3 - 2 sqrt 2, alpha = (sqrt(2 beta)
    - sqrt(beta)) / c - sqrt(gamma / c), spread = 2 (e^alpha - 1) / (1 + e^alpha). Negative
    estimates of a pair count as 0, as the authors advise, unless `is_floored` is False. The paper's
    correction for jumps between days is left out: these markets do not close. NaN for fewer than 2
    periods.

    Source: Corwin and Schultz (2012), J. Finance 67(2).
    """
    high = np.asarray(highs, dtype=np.float64).ravel()
    low = np.asarray(lows, dtype=np.float64).ravel()
    if high.shape != low.shape or not np.all((low > 0.0) & (high >= low) & np.isfinite(high)):
        raise CallerError("expected as many highs as lows, and 0 < low <= high")
    if len(high) < 2:
        return nan
    squares = np.log(high / low) ** 2
    beta = squares[1:] + squares[:-1]
    both = np.maximum(high[1:], high[:-1]) / np.minimum(low[1:], low[:-1])
    gamma = np.log(both) ** 2
    alpha = (np.sqrt(2.0 * beta) - np.sqrt(beta)) / _ROOT - np.sqrt(gamma / _ROOT)
    spreads = 2.0 * np.tanh(alpha / 2.0)  # the same as 2 (e^a - 1) / (1 + e^a), without overflow
    return float(np.mean(np.maximum(spreads, 0.0) if is_floored else spreads))
