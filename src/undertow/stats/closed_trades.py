"""Statistics of closed trades' net results: win rate, profit factor, expectancy.

All take results AFTER fees and funding, in money or as fractions, shape (n,) or (n, k). A win is
above 0, a loss below 0; a trade that broke even counts among all trades and nowhere else.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import Measure, checked_columns, checked_series, quotient


class TradeResults(NamedTuple):
    """gross_profit: sum of wins, >= 0. gross_loss: size of the sum of losses, >= 0. average_win: >
    0. average_loss: size, > 0. NaN what is undefined.
    """

    trades: int
    wins: int
    losses: int
    breakeven: int
    win_rate: float
    loss_rate: float
    average_win: float
    average_loss: float
    gross_profit: float
    gross_loss: float
    payoff_ratio: float
    profit_factor: float
    expectancy: float
    expectancy_ratio: float
    best: float
    worst: float


def win_rate(results: ArrayLike) -> Measure:
    """Wins over ALL trades, 0 to 1; NaN without trades.

    Source: definition. Variant: break-even trades stay in the divisor; jesse and quantstats leave
    them out.
    """
    columns = checked_columns(results, "results")
    return columns.measure(_share(columns.array > 0.0))


def average_win(results: ArrayLike) -> Measure:
    """Mean of the results above 0; NaN without one.

    Source: definition.
    """
    columns = checked_columns(results, "results")
    return columns.measure(_mean_size(columns.array))


def average_loss(results: ArrayLike) -> Measure:
    """Size of the mean of the results below 0, a positive number; NaN without one.

    Source: definition.
    """
    columns = checked_columns(results, "results")
    return columns.measure(_mean_size(-columns.array))


def payoff_ratio(results: ArrayLike) -> Measure:
    """Average win over average loss; NaN without a win or without a loss.

    Source: definition. Often printed as the profit factor, which is `profit_factor`.
    """
    columns = checked_columns(results, "results")
    return columns.measure(quotient(_mean_size(columns.array), _mean_size(-columns.array)))


def profit_factor(results: ArrayLike) -> Measure:
    """Sum of the wins over the size of the sum of the losses; 0 without a win.

    NaN without a loss: the best case is not 0 (freqtrade) and not a number.

    Source: definition.
    """
    columns = checked_columns(results, "results")
    gains = np.sum(np.maximum(columns.array, 0.0), axis=0)
    return columns.measure(quotient(gains, np.sum(np.maximum(-columns.array, 0.0), axis=0)))


def expectancy(results: ArrayLike) -> Measure:
    """Mean result of a trade: win_rate * average_win - loss_rate * average_loss; NaN without one.

    Source: definition.
    """
    columns = checked_columns(results, "results")
    if not len(columns.array):
        return columns.measure(np.full(columns.array.shape[1], np.nan))
    return columns.measure(np.mean(columns.array, axis=0))


def expectancy_ratio(results: ArrayLike) -> Measure:
    """(1 + payoff) * win_rate - 1: what is expected for each unit at risk.

    With break-even trades it is not expectancy / average_loss, because then the loss rate is not 1
    - win_rate. NaN without a win or without a loss.

    Source: freqtrade's documentation.
    """
    columns = checked_columns(results, "results")
    payoff = quotient(_mean_size(columns.array), _mean_size(-columns.array))
    return columns.measure((1.0 + payoff) * _share(columns.array > 0.0) - 1.0)


def trade_results(results: ArrayLike) -> TradeResults:
    """All of these of one list of trades, with the counts behind them. results: shape (n,).

    Source: definition.
    """
    array = checked_series(results, "results")
    wins, losses = int(np.sum(array > 0.0)), int(np.sum(array < 0.0))
    return TradeResults(
        trades=len(array),
        wins=wins,
        losses=losses,
        breakeven=len(array) - wins - losses,
        win_rate=win_rate(array),
        loss_rate=float(_share(array[:, None] < 0.0)[0]),
        average_win=average_win(array),
        average_loss=average_loss(array),
        gross_profit=float(np.sum(np.maximum(array, 0.0))),
        gross_loss=float(np.sum(np.maximum(-array, 0.0))),
        payoff_ratio=payoff_ratio(array),
        profit_factor=profit_factor(array),
        expectancy=expectancy(array),
        expectancy_ratio=expectancy_ratio(array),
        best=float(np.max(array)) if len(array) else float("nan"),
        worst=float(np.min(array)) if len(array) else float("nan"),
    )


def profit_factor_band(value: float) -> str:
    """The name of a profit factor: losing below 1, marginal to 1.5, good to 2, excellent above.

    A border belongs to the band above it, except 2.0 itself, which is good. "undefined" for NaN.

    Source: requirement BT-13.
    """
    if value != value:
        return "undefined"
    if value < 1.0:
        return "losing"
    if value < 1.5:
        return "marginal"
    return "good" if value <= 2.0 else "excellent"


def _share(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.mean(chosen, axis=0) if len(chosen) else np.full(chosen.shape[1], np.nan)


def _mean_size(array: NDArray[np.float64]) -> NDArray[np.float64]:
    # Mean of what is above 0, per column.
    count = np.sum(array > 0.0, axis=0).astype(np.float64)
    return quotient(np.sum(np.maximum(array, 0.0), axis=0), count)
