"""Minimum backtest length: in fewer years a search finds a Sharpe ratio by luck alone."""

from math import log

from undertow.domain.errors import CallerError
from undertow.stats.best_of_trials import expected_maximum

_MOST_TRIALS = 2**60


def minimum_backtest_years(trials: float, annual_sharpe: float = 1.0) -> float:
    """(E[max_N] / SR)^2 years: in fewer, the best of N worthless trials is expected to show SR.

    `trials`: independent ones; `annual_sharpe`: annualised, above 0.

    Source: Bailey, Borwein, Lopez de Prado and Zhu (2014), Notices AMS 61(5).
    """
    return (expected_maximum(trials) / _above_zero(annual_sharpe, "an annual Sharpe ratio")) ** 2


def minimum_backtest_years_bound(trials: float, annual_sharpe: float = 1.0) -> float:
    """2 ln N / SR^2 years, the upper bound of `minimum_backtest_years`.

    Source: Bailey, Borwein, Lopez de Prado and Zhu (2014), Notices AMS 61(5).
    """
    if not trials >= 1.0:
        raise CallerError(f"expected at least 1 trial, found {trials!r}")
    return 2.0 * log(trials) / _above_zero(annual_sharpe, "an annual Sharpe ratio") ** 2


def most_independent_trials(years: float, annual_sharpe: float = 1.0) -> int:
    """The largest N whose minimum backtest length fits into `years`: 45 for 5 years and SR 1.

    Source: Bailey, Borwein, Lopez de Prado and Zhu (2014), Notices AMS 61(5).
    """
    _above_zero(years, "years")
    low, high = 1, 2
    while minimum_backtest_years(high, annual_sharpe) <= years:
        low, high = high, high * 2
        if high > _MOST_TRIALS:
            raise CallerError(
                f"expected years x SR^2 below 70, found {years!r} and {annual_sharpe!r}"
            )
    while high - low > 1:
        middle = (low + high) // 2
        if minimum_backtest_years(middle, annual_sharpe) <= years:
            low = middle
        else:
            high = middle
    return low


def _above_zero(value: float, name: str) -> float:
    if not value > 0.0:
        raise CallerError(f"expected {name} above 0, found {value!r}")
    return value
