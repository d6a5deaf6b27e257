"""Measures of equity: by hand on small curves, by empyrical on a year, at the edges."""

from math import isnan, sqrt

import empyrical
import numpy as np
import pytest
from tests.backtest.reports.made_results import START_NS, curve

from undertow.backtest.reports.equity_measures import equity_measures, period_equity
from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE


def _year(seed: int = 3) -> np.ndarray:
    returns = np.random.default_rng(seed).normal(0.001, 0.02, 365)
    return np.asarray(1_000.0 * np.cumprod(np.r_[1.0, 1.0 + returns]))


def test_a_year_of_days_equals_the_independent_library() -> None:
    equity = _year()
    returns = equity[1:] / equity[:-1] - 1.0
    found = equity_measures(curve(equity))
    assert (found.period_s, found.observations) == (86_400.0, 365)
    assert found.sharpe == pytest.approx(empyrical.sharpe_ratio(returns, annualization=365))
    assert found.sortino == pytest.approx(empyrical.sortino_ratio(returns, annualization=365))
    assert found.volatility == pytest.approx(
        empyrical.annual_volatility(returns, annualization=365)
    )
    assert found.max_drawdown == pytest.approx(empyrical.max_drawdown(returns))
    assert found.cagr == pytest.approx(empyrical.cagr(returns, annualization=365))
    assert found.calmar == pytest.approx(found.cagr / -found.max_drawdown)
    assert found.omega == pytest.approx(empyrical.omega_ratio(returns, annualization=365))
    assert found.var_95 == pytest.approx(empyrical.value_at_risk(returns, 0.05))
    assert found.tail_ratio == pytest.approx(empyrical.tail_ratio(returns))
    assert found.total_return == pytest.approx(equity[-1] / equity[0] - 1)


def test_drawdowns_are_told_each_from_its_own_episode() -> None:
    # 50 % of 100 is the deepest; 80 of 400 costs more.
    found = equity_measures(curve([100, 50, 100, 400, 320, 390]))
    day = NS_PER_DAY
    assert found.max_drawdown == -0.5
    assert (found.max_drawdown_start_ns, found.max_drawdown_trough_ns) == (START_NS, START_NS + day)
    assert (found.max_drawdown_end_ns, found.max_drawdown_is_open) == (START_NS + 2 * day, False)
    assert found.max_drawdown_duration_ns == 2 * day
    assert (found.max_drawdown_abs, found.max_drawdown_abs_trough_ns) == (80.0, START_NS + 4 * day)
    assert found.longest_drawdown_ns == 2 * day


def test_what_was_lost_inside_a_day_was_lost() -> None:
    hours = np.full(20 * 24 + 1, 100.0)
    hours[30] = 80.0
    found = equity_measures(curve(hours, NS_PER_HOUR))
    assert (found.period_s, found.observations) == (86_400.0, 20)
    assert found.max_drawdown == pytest.approx(-0.2)
    assert found.worst_period == 0.0


def test_a_short_run_is_measured_by_the_hour_or_as_it_is() -> None:
    minutes = 100.0 + np.random.default_rng(1).normal(0, 1, 11 * 60 + 1).cumsum()
    by_hour = period_equity(curve(minutes, NS_PER_MINUTE))
    assert (by_hour.step_ns, len(by_hour.returns), by_hour.per_year) == (NS_PER_HOUR, 11, 8_760.0)
    short = period_equity(curve(minutes[:100], NS_PER_MINUTE))
    assert (short.step_ns, len(short.returns)) == (NS_PER_MINUTE, 99)
    found = equity_measures(curve(minutes, NS_PER_MINUTE))
    assert found.sharpe == pytest.approx(
        by_hour.returns.mean() / by_hour.returns.std(ddof=1) * sqrt(8_760)
    )
    assert isnan(found.cagr)


def test_ruin_ends_the_curve() -> None:
    found = equity_measures(curve([100, 50, 0, 30]))
    assert found.is_ruined
    assert found.total_return == -1.0
    assert found.max_drawdown == -1.0


@pytest.mark.parametrize("equity", [[1000.0], [1000.0] * 40, [1000.0, 1000.0]])
def test_nothing_happened_is_undefined_and_never_zero_or_infinite(equity: list[float]) -> None:
    found = equity_measures(curve(equity))
    assert isnan(found.sharpe)
    assert isnan(found.sortino)
    assert isnan(found.calmar)
    assert not found.is_ruined
    assert found.max_drawdown == 0.0 or isnan(found.max_drawdown)
