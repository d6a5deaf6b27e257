"""Freqtrade's own trade-based ratios, to compare a report with one of theirs.

They mix a mean per DAY with a deviation per TRADE: a different quantity from `sharpe`, `sortino`
and `calmar`, and not comparable with any other engine's.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series


class FreqtradeRatios(NamedTuple):
    """As freqtrade prints them; NaN where it prints -100."""

    sharpe: float
    sortino: float
    calmar: float


def freqtrade_trade_based(results: ArrayLike, start_balance: float, days: float) -> FreqtradeRatios:
    """m / std(p), m / std(losing p), 100 m / drawdown, each times sqrt(365); m = sum(p) / days.

    results: net profits in money by close time, shape (n,); p = results / start_balance. Deviations
    with ddof=0. drawdown: of the balance after each closed trade, the relative one of the episode
    with the largest absolute loss, a fraction. days: of the backtest, above 0. NaN where a divisor
    is 0 or missing.

    Source: freqtrade 2026.9, documentation and source, calculate_sharpe, _sortino and _calmar.
    """
    if not start_balance > 0.0 or not days > 0.0:
        raise CallerError(f"expected a balance and days above 0, found {start_balance}, {days}")
    array = checked_series(results, "results")
    shares = array / start_balance
    mean = float(shares.sum()) / days
    root = sqrt(365.0)
    return FreqtradeRatios(
        sharpe=_ratio(mean, _spread(shares)) * root,
        sortino=_ratio(mean, _spread(shares[shares < 0.0])) * root,
        calmar=_ratio(100.0 * mean, _drawdown(array, start_balance)) * root,
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0.0 else float("nan")


def _spread(shares: NDArray[np.float64]) -> float:
    if not len(shares) or not np.ptp(shares) > 0.0:
        return float("nan")
    return float(np.std(shares))


def _drawdown(results: NDArray[np.float64], start_balance: float) -> float:
    balance = start_balance + np.concatenate(([0.0], np.cumsum(results)))
    peaks = np.maximum.accumulate(balance)
    worst = int(np.argmax(peaks - balance))
    return float((peaks[worst] - balance[worst]) / peaks[worst])
