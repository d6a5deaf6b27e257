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
from undertow.stats.annualisation import periods_per_year
from undertow.stats.compound_growth import LEAST_GROWTH_DAYS
from undertow.stats.curve_measures import PerformanceMeasures, performance_measures
from undertow.stats.drawdown import (
    costliest_drawdown,
    deepest_drawdown,
    longest_drawdown,
    time_under_water,
)
from undertow.stats.drawdown_ratios import calmar, recovery_factor
from undertow.stats.equity_returns import simple_returns, until_ruin
from undertow.stats.equity_sampling import sampled_equity
from undertow.stats.probabilistic_sharpe_ratio import probabilistic_sharpe_of_returns

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
    found = performance_measures(periods.equity, periods.per_year, least_years=_LEAST_YEARS)
    returns = periods.returns
    plain = {
        "period_s": periods.step_ns / NS_PER_S,
        "observations": len(returns),
        "psr": probabilistic_sharpe_of_returns(returns) if len(returns) > 1 else NAN,
        **_renamed(found),
        **_drawdowns(curve),
    }
    return msgspec.convert(plain, EquityMeasures)


def _renamed(found: PerformanceMeasures) -> dict[str, float | bool]:
    plain = found._asdict()
    shorter = {
        "ulcer": "ulcer_index",
        "martin": "martin_ratio",
        "serenity": "serenity_index",
        "var_95": "value_at_risk",
        "cvar_95": "conditional_value_at_risk",
        "gaussian_var_95": "gaussian_value_at_risk",
        "gaussian_cvar_95": "gaussian_conditional_value_at_risk",
        "positive_periods": "positive_share",
    }
    known = EquityMeasures.__struct_fields__
    return {name: plain[name] for name in known if name in plain} | {
        name: plain[long] for name, long in shorter.items()
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
