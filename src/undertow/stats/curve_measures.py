"""All measures of one equity curve in one call, by the names they are printed under."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from undertow.stats.annualisation import volatility
from undertow.stats.columns import checked_series
from undertow.stats.compound_growth import LEAST_GROWTH_DAYS, cagr
from undertow.stats.drawdown import (
    longest_drawdown,
    max_drawdown,
    max_drawdown_amount,
    time_under_water,
)
from undertow.stats.drawdown_ratios import (
    calmar,
    martin_ratio,
    recovery_factor,
    serenity_index,
    ulcer_index,
)
from undertow.stats.equity_returns import simple_returns, total_return, until_ruin
from undertow.stats.gain_loss_ratios import gain_to_pain, omega
from undertow.stats.period_returns import best_period, positive_share, worst_period
from undertow.stats.sample_moments import kurtosis, skewness
from undertow.stats.serial_correlation import lo_sharpe, smart_sharpe, smart_sortino
from undertow.stats.sharpe_ratio import sharpe
from undertow.stats.sortino_ratio import sortino
from undertow.stats.tail_risk import (
    conditional_value_at_risk,
    gaussian_conditional_value_at_risk,
    gaussian_value_at_risk,
    tail_ratio,
    value_at_risk,
)


class PerformanceMeasures(NamedTuple):
    """Fractions, not percent, but for max_drawdown_amount (money) and the ratios; NaN = undefined.

    periods: returns behind it. longest_drawdown: points from peak to recovery or end. is_ruined:
    the curve reached 0 and was cut there. value_at_risk and the like: 95 %, of a period.
    """

    periods: int
    total_return: float
    cagr: float
    volatility: float
    sharpe: float
    lo_sharpe: float
    smart_sharpe: float
    sortino: float
    smart_sortino: float
    calmar: float
    omega: float
    gain_to_pain: float
    tail_ratio: float
    max_drawdown: float
    max_drawdown_amount: float
    longest_drawdown: int
    time_under_water: float
    ulcer_index: float
    martin_ratio: float
    serenity_index: float
    recovery_factor: float
    value_at_risk: float
    conditional_value_at_risk: float
    gaussian_value_at_risk: float
    gaussian_conditional_value_at_risk: float
    skewness: float
    kurtosis: float
    best_period: float
    worst_period: float
    positive_share: float
    is_ruined: bool


def performance_measures(
    equity: ArrayLike,
    periods_per_year: float,
    *,
    least_years: float = LEAST_GROWTH_DAYS / 365.0,
) -> PerformanceMeasures:
    """Every measure of a marked equity curve, the start first, shape (n + 1,), usually daily.

    least_years: yearly growth and what is made of it (Calmar, Martin) are NaN for shorter curves. A
    curve that reaches 0 is cut at that point and says so.

    Source: the functions of the same names.
    """
    whole = checked_series(equity, "equity", least=1)
    curve = until_ruin(whole)
    returns = simple_returns(curve)
    longest = longest_drawdown(curve)
    return PerformanceMeasures(
        periods=len(returns),
        total_return=total_return(curve),
        cagr=cagr(curve, periods_per_year, least_years=least_years),
        volatility=volatility(returns, periods_per_year),
        sharpe=sharpe(returns, periods_per_year),
        lo_sharpe=lo_sharpe(returns, max(round(periods_per_year), 1)),
        smart_sharpe=smart_sharpe(returns, periods_per_year),
        sortino=sortino(returns, periods_per_year),
        smart_sortino=smart_sortino(returns, periods_per_year),
        calmar=calmar(curve, periods_per_year, least_years=least_years),
        omega=omega(returns),
        gain_to_pain=gain_to_pain(returns),
        tail_ratio=tail_ratio(returns),
        max_drawdown=max_drawdown(curve),
        max_drawdown_amount=max_drawdown_amount(curve),
        longest_drawdown=0 if longest is None else longest.length,
        time_under_water=time_under_water(curve),
        ulcer_index=ulcer_index(curve),
        martin_ratio=martin_ratio(curve, periods_per_year, least_years=least_years),
        serenity_index=serenity_index(curve),
        recovery_factor=recovery_factor(curve),
        value_at_risk=value_at_risk(returns),
        conditional_value_at_risk=conditional_value_at_risk(returns),
        gaussian_value_at_risk=gaussian_value_at_risk(returns),
        gaussian_conditional_value_at_risk=gaussian_conditional_value_at_risk(returns),
        skewness=skewness(returns),
        kurtosis=kurtosis(returns),
        best_period=best_period(returns),
        worst_period=worst_period(returns),
        positive_share=positive_share(returns),
        is_ruined=bool(np.min(whole) <= 0.0),
    )
