"""What marked-to-market equity says: returns, ratios, drawdowns, tails.

Names and definitions are those of `undertow.stats`. Returns are daily (UTC) once the run is long
enough to have some; a shorter run is measured by the hour or by the curve's own step, and says so:
its yearly numbers are annualised from very little.
"""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.result import EquityCurve
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_S
from undertow.stats.annualisation import periods_per_year, volatility
from undertow.stats.compound_growth import LEAST_GROWTH_DAYS, cagr
from undertow.stats.drawdown import (
    costliest_drawdown,
    deepest_drawdown,
    longest_drawdown,
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
from undertow.stats.equity_sampling import sampled_equity
from undertow.stats.gain_loss_ratios import gain_to_pain, omega
from undertow.stats.period_returns import best_period, positive_share, worst_period
from undertow.stats.probabilistic_sharpe_ratio import probabilistic_sharpe_of_returns
from undertow.stats.sample_moments import kurtosis, skewness
from undertow.stats.serial_correlation import lo_sharpe, smart_sharpe
from undertow.stats.sharpe_ratio import sharpe
from undertow.stats.sortino_ratio import sortino
from undertow.stats.tail_risk import (
    conditional_value_at_risk,
    gaussian_conditional_value_at_risk,
    gaussian_value_at_risk,
    tail_ratio,
    value_at_risk,
)

_LEAST_PERIODS = 10
_DAYS_PER_YEAR = 365.0
_LEAST_YEARS = LEAST_GROWTH_DAYS / _DAYS_PER_YEAR
NAN = float("nan")
_DEPTHS = ("max_drawdown", "max_drawdown_abs", "calmar", "recovery_factor", "time_under_water")
_TIMES = (
    "max_drawdown_start_ns",
    "max_drawdown_trough_ns",
    "max_drawdown_end_ns",
    "max_drawdown_duration_ns",
    "max_drawdown_abs_start_ns",
    "max_drawdown_abs_trough_ns",
    "longest_drawdown_ns",
)
_IS_OPEN = "max_drawdown_is_open"


class EquityMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """Fractions, not percent; NaN what is undefined. `_ns` are times or lengths in nanoseconds.

    period_s: of a return. max_drawdown is the deepest in percent, max_drawdown_abs the largest in
    money: they may be different episodes, and each has its own times. cagr, calmar and martin only
    from 30 days on. var and cvar are returns: a loss is negative.
    """

    period_s: float
    observations: int
    total_return: float
    cagr: float
    volatility: float
    sharpe: float
    sortino: float
    calmar: float
    omega: float
    gain_to_pain: float
    tail_ratio: float
    serenity: float
    ulcer: float
    martin: float
    recovery_factor: float
    max_drawdown: float
    max_drawdown_start_ns: int
    max_drawdown_trough_ns: int
    max_drawdown_end_ns: int
    max_drawdown_duration_ns: int
    max_drawdown_is_open: bool
    max_drawdown_abs: float
    max_drawdown_abs_start_ns: int
    max_drawdown_abs_trough_ns: int
    longest_drawdown_ns: int
    time_under_water: float
    var_95: float
    cvar_95: float
    gaussian_var_95: float
    gaussian_cvar_95: float
    skewness: float
    kurtosis: float
    psr: float
    lo_sharpe: float
    smart_sharpe: float
    best_period: float
    worst_period: float
    positive_periods: float
    is_ruined: bool


class PeriodEquity(NamedTuple):
    """time_ns, equity: shape (n + 1,), the start first. returns: shape (n,). step_ns: of them."""

    time_ns: NDArray[np.int64]
    equity: NDArray[np.float64]
    returns: NDArray[np.float64]
    step_ns: int

    @property
    def per_year(self) -> float:
        """Periods of a year."""
        return periods_per_year(self.step_ns)


def period_equity(curve: EquityCurve) -> PeriodEquity:
    """Daily equity where the run has at least ten days, else hourly, else the curve as it is.

    A curve that reaches 0 ends there: nothing can be earned on nothing.
    """
    equity = until_ruin(curve.equity)
    time_ns = curve.time_ns[: len(equity)]
    span_ns = int(time_ns[-1] - time_ns[0])
    for step_ns in (NS_PER_DAY, NS_PER_HOUR):
        if span_ns >= _LEAST_PERIODS * step_ns and curve.step_ns <= step_ns:
            sampled = sampled_equity(time_ns, equity, step_ns)
            returns = simple_returns(sampled.equity)
            return PeriodEquity(sampled.time_ns, sampled.equity, returns, step_ns)
    returns = simple_returns(equity) if len(equity) > 1 else np.zeros(0)
    return PeriodEquity(time_ns, equity, returns, curve.step_ns)


def equity_measures(curve: EquityCurve) -> EquityMeasures:
    """All of them, of one curve."""
    periods = period_equity(curve)
    plain = {
        "period_s": periods.step_ns / NS_PER_S,
        "observations": len(periods.returns),
        "is_ruined": bool(curve.equity.min() <= 0.0),
        **_growth(periods),
        **_of_returns(periods),
        **_drawdowns(curve),
    }
    return msgspec.convert(plain, EquityMeasures)


def _growth(periods: PeriodEquity) -> dict[str, float]:
    equity, per_year = periods.equity, periods.per_year
    if len(periods.returns) < 1:
        return dict.fromkeys(("total_return", "cagr", "serenity", "ulcer", "martin"), NAN)
    return {
        "total_return": _number(total_return(equity)),
        "cagr": _number(cagr(equity, per_year, least_years=_LEAST_YEARS)),
        "serenity": _number(serenity_index(equity)),
        "ulcer": _number(ulcer_index(equity)),
        "martin": _number(martin_ratio(equity, per_year, least_years=_LEAST_YEARS)),
    }


def _of_returns(periods: PeriodEquity) -> dict[str, float]:
    returns, per_year = periods.returns, periods.per_year
    if len(returns) < 2:
        names = (
            "volatility sharpe sortino omega gain_to_pain tail_ratio var_95 cvar_95 "
            "gaussian_var_95 gaussian_cvar_95 skewness kurtosis psr lo_sharpe smart_sharpe "
            "best_period worst_period positive_periods"
        )
        return dict.fromkeys(names.split(), NAN)
    yearly = max(1, round(per_year))
    return {
        "volatility": _number(volatility(returns, per_year)),
        "sharpe": _number(sharpe(returns, per_year)),
        "sortino": _number(sortino(returns, per_year)),
        "omega": _number(omega(returns)),
        "gain_to_pain": _number(gain_to_pain(returns)),
        "tail_ratio": _number(tail_ratio(returns)),
        "var_95": _number(value_at_risk(returns)),
        "cvar_95": _number(conditional_value_at_risk(returns)),
        "gaussian_var_95": _number(gaussian_value_at_risk(returns)),
        "gaussian_cvar_95": _number(gaussian_conditional_value_at_risk(returns)),
        "skewness": _number(skewness(returns)),
        "kurtosis": _number(kurtosis(returns)),
        "psr": probabilistic_sharpe_of_returns(returns),
        "lo_sharpe": lo_sharpe(returns, yearly),
        "smart_sharpe": smart_sharpe(returns, per_year),
        "best_period": _number(best_period(returns)),
        "worst_period": _number(worst_period(returns)),
        "positive_periods": _number(positive_share(returns)),
    }


def _drawdowns(curve: EquityCurve) -> dict[str, float | int | bool]:
    # On the curve itself: what was lost inside a day was lost.
    equity, at = until_ruin(curve.equity), curve.time_ns
    if len(equity) < 2:
        return dict.fromkeys(_DEPTHS, NAN) | dict.fromkeys(_TIMES, 0) | {_IS_OPEN: False}
    per_year = periods_per_year(curve.step_ns)
    ratios: dict[str, float | int | bool] = {
        "calmar": _number(calmar(equity, per_year, least_years=_LEAST_YEARS)),
        "recovery_factor": _number(recovery_factor(equity)),
        "time_under_water": _number(time_under_water(equity)),
    }
    deep, dear = deepest_drawdown(equity), costliest_drawdown(equity)
    long = longest_drawdown(equity)
    if deep is None or dear is None or long is None:
        flat = {"max_drawdown": 0.0, "max_drawdown_abs": 0.0, _IS_OPEN: False}
        return ratios | flat | dict.fromkeys(_TIMES, 0)
    return ratios | {
        "max_drawdown": deep.depth,
        "max_drawdown_start_ns": int(at[deep.peak]),
        "max_drawdown_trough_ns": int(at[deep.trough]),
        "max_drawdown_end_ns": int(at[deep.peak + deep.length]),
        "max_drawdown_duration_ns": int(at[deep.peak + deep.length] - at[deep.peak]),
        _IS_OPEN: deep.is_open,
        "max_drawdown_abs": dear.amount,
        "max_drawdown_abs_start_ns": int(at[dear.peak]),
        "max_drawdown_abs_trough_ns": int(at[dear.trough]),
        "longest_drawdown_ns": int(at[long.peak + long.length] - at[long.peak]),
    }


def _number(value: object) -> float:
    # A measure of a single series is a float; its type says float or array.
    assert isinstance(value, float)
    return value
