"""The Kelly criterion: the fraction that makes money grow fastest.

Raw values: a negative fraction means no edge. Whoever sizes with it clips at 0, caps it and takes a
part of it: half of it keeps three quarters of the growth at half the deviation.
"""

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.closed_trades import trade_results
from undertow.stats.columns import checked_series


class KellyEstimate(NamedTuple):
    """stake_fraction: if every loss cost the whole stake. portfolio_fraction: that over the average
    loss, a multiple of the size that gave these returns (1 = the same size, NaN = unknown).
    """

    stake_fraction: float
    portfolio_fraction: float
    win_probability: float
    payoff_ratio: float


def kelly_binary(win_probability: float, payoff_ratio: float) -> float:
    """f* = p - (1 - p) / b: a share of wealth, when a loss costs the stake and a win pays b times.

    Source: Kelly (1956), Bell System Technical Journal 35; Thorp (2006).
    """
    _check(win_probability, payoff_ratio)
    return win_probability - (1.0 - win_probability) / payoff_ratio


def kelly_binary_growth(fraction: float, win_probability: float, payoff_ratio: float) -> float:
    """Expected log growth of one bet: p ln(1 + b f) + (1 - p) ln(1 - f); NaN where f can ruin.

    Source: Kelly (1956), Bell System Technical Journal 35; Thorp (2006).
    """
    _check(win_probability, payoff_ratio)
    if not -1.0 / payoff_ratio < fraction < 1.0:
        return float("nan")
    won = win_probability * log(1.0 + payoff_ratio * fraction)
    return won + (1.0 - win_probability) * log(1.0 - fraction)


def kelly_continuous(mean: float, variance: float) -> float:
    """f* = mu / sigma^2, mean excess return and variance of the same period; NaN without variance.

    Source: Thorp (2006), The Kelly criterion in blackjack, sports betting and the stock market.
    """
    return mean / variance if variance > 0.0 else float("nan")


def kelly_continuous_growth(fraction: float, mean: float, variance: float) -> float:
    """Log growth of a period at a fraction: mu f - sigma^2 f^2 / 2.

    Source: Thorp (2006), The Kelly criterion in blackjack, sports betting and the stock market.
    """
    return mean * fraction - variance * fraction * fraction / 2.0


def kelly_discrete(outcomes: ArrayLike, probabilities: ArrayLike | None = None) -> float:
    """The root f of sum p x / (1 + f x) = 0: several outcomes x for each unit bet.

    probabilities: default equal. NaN without a gain or without a loss: then no bet is too large, or
    none small enough.

    Source: MacLean, Thorp and Ziemba (2011), The Kelly Capital Growth Investment Criterion.
    """
    values = checked_series(outcomes, "outcomes")
    weights = _weights(values, probabilities)
    held = values[weights > 0.0]
    if not len(held) or not held.max() > 0.0 > held.min():
        return float("nan")
    low, high = -1.0 / float(held.max()), -1.0 / float(held.min())
    # The sum falls from +inf to -inf between the two, so halving finds the one root.
    for _ in range(200):
        middle = 0.5 * (low + high)
        slope = float(np.sum(weights[weights > 0.0] * held / (1.0 + middle * held)))
        low, high = (middle, high) if slope > 0.0 else (low, middle)
    return 0.5 * (low + high)


def kelly_from_trades(returns: ArrayLike) -> KellyEstimate:
    """Kelly from the returns of past trades: p - (1 - p) / b with the trades' win share and payoff.

    returns: net, as fractions of the account, shape (n,). p is wins / (wins + losses): a trade that
    broke even changes no wealth and so not the fraction. NaN without a win or without a loss. An
    estimate from 100 trades is uncertain by more than its own size: take a part of it.

    Source: Kelly (1956), Bell System Technical Journal 35; scaling by the average loss: Thorp
    (2006).
    """
    found = trade_results(returns)
    if not found.wins or not found.losses:
        return KellyEstimate(*[float("nan")] * 4)
    probability = found.wins / (found.wins + found.losses)
    fraction = kelly_binary(probability, found.payoff_ratio)
    return KellyEstimate(fraction, fraction / found.average_loss, probability, found.payoff_ratio)


def _check(win_probability: float, payoff_ratio: float) -> None:
    if not 0.0 <= win_probability <= 1.0 or not payoff_ratio > 0.0:
        raise CallerError(
            "expected a probability of 0 to 1 and a payoff above 0, found "
            f"{win_probability}, {payoff_ratio}"
        )


def _weights(values: NDArray[np.float64], given: ArrayLike | None) -> NDArray[np.float64]:
    if given is None:
        return np.full(len(values), 1.0 / max(len(values), 1))
    weights = checked_series(given, "probabilities")
    is_whole = len(weights) == len(values) and abs(float(weights.sum()) - 1.0) < 1e-9
    if not is_whole or (weights < 0.0).any():
        raise CallerError(f"expected {len(values)} probabilities that sum to 1, found {weights}")
    return weights
