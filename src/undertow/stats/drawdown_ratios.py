"""What was earned for the drawdowns that were borne: Calmar, recovery, Ulcer, Martin, Serenity."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.stats.columns import Measure, checked_columns, deviations_of, quotient
from undertow.stats.compound_growth import cagr
from undertow.stats.drawdown import max_drawdown, max_drawdown_amount, underwater
from undertow.stats.equity_returns import simple_returns
from undertow.stats.tail_risk import conditional_value_at_risk


def calmar(equity: ArrayLike, periods_per_year: float, *, least_years: float = 0.0) -> Measure:
    """Compound growth of a year over the size of the deepest drawdown: CAGR / |max drawdown|.

    Over the whole sample. NaN without a drawdown, and where `cagr` is NaN.

    Source: Young (1991), Futures magazine. Variant: whole sample; his window is 36 months.
    """
    columns = checked_columns(equity, "equity", least=1)
    growth = np.atleast_1d(cagr(columns.array, periods_per_year, least_years=least_years))
    return columns.measure(quotient(growth, np.abs(max_drawdown(columns.array))))


def recovery_factor(equity: ArrayLike) -> Measure:
    """Net profit over the largest drawdown in money: (E_end - E_start) / max drawdown amount.

    NaN without a drawdown.

    Source: definition, as in MetaTrader 5. Variant: money over money; quantstats divides
    percentages.
    """
    columns = checked_columns(equity, "equity", least=1)
    profit = columns.array[-1] - columns.array[0]
    return columns.measure(quotient(profit, np.asarray(max_drawdown_amount(columns.array))))


def ulcer_index(equity: ArrayLike) -> Measure:
    """Root mean square of the drawdowns over the n points after the start, as a fraction.

    Times 100 for Martin's points. NaN for a curve that is its start alone.

    Source: Martin and McCann (1989), The Investor's Guide to Fidelity Funds. Variant: divisor n,
    start excluded; quantstats divides by n - 1.
    """
    columns = checked_columns(equity, "equity", least=1)
    depths = underwater(columns.array)[1:]
    if not len(depths):
        return columns.measure(np.full(depths.shape[1], np.nan))
    return columns.measure(np.sqrt(np.mean(depths * depths, axis=0)))


def martin_ratio(
    equity: ArrayLike, periods_per_year: float, *, risk_free: float = 0.0, least_years: float = 0.0
) -> Measure:
    """Yearly growth less a yearly risk-free rate, over the Ulcer index (Ulcer performance index).

    NaN without a drawdown, and where `cagr` is NaN.

    Source: Martin and McCann (1989), The Investor's Guide to Fidelity Funds. Variant: CAGR above;
    quantstats puts the total return there.
    """
    columns = checked_columns(equity, "equity", least=1)
    growth = np.atleast_1d(cagr(columns.array, periods_per_year, least_years=least_years))
    return columns.measure(quotient(growth - risk_free, np.atleast_1d(ulcer_index(columns.array))))


def serenity_index(equity: ArrayLike) -> Measure:
    """Sum of the returns over Ulcer index times pitfall; pitfall = -CVaR95(drawdowns) / std(r).

    Not annualised. NaN without a drawdown, for fewer than 2 returns and for returns that do not
    vary.

    Source: KeyQuant white paper on serenity, in the form jesse prints. Variant: the drawdowns start
    at the starting equity, Ulcer index over n and historical CVaR by quantile; jesse leaves out the
    start, divides by n - 1 and takes the mean of the int(n / 20) lowest.
    """
    columns = checked_columns(equity, "equity", least=1)
    depths = underwater(columns.array)[1:]
    if len(depths) < 2:
        return columns.measure(np.full(depths.shape[1], np.nan))
    returns: NDArray[np.float64] = simple_returns(columns.array)
    tail = np.asarray(conditional_value_at_risk(depths, 0.95))
    pitfall = quotient(-tail, deviations_of(returns))
    return columns.measure(
        quotient(returns.sum(axis=0), np.asarray(ulcer_index(columns.array)) * pitfall)
    )
