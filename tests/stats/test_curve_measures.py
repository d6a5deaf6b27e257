"""Expected: the functions of the same names, called one by one; edges by hand."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import undertow.stats
from undertow.domain.errors import CallerError
from undertow.stats import performance_measures, simple_returns

CURVE = 1_000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.001, 0.02, 200)))
OF_RETURNS = ("omega", "gain_to_pain", "tail_ratio", "skewness", "kurtosis", "positive_share")
OF_RETURNS_A_YEAR = ("volatility", "sharpe", "sortino", "smart_sharpe", "smart_sortino")
OF_EQUITY = ("total_return", "max_drawdown", "max_drawdown_amount", "time_under_water")
OF_EQUITY_A_YEAR = ("cagr", "calmar", "martin_ratio")


def test_every_measure_is_the_function_of_its_name() -> None:
    found, returns = performance_measures(CURVE, 365), simple_returns(CURVE)
    for names, arguments in (
        (OF_RETURNS, (returns,)),
        (OF_RETURNS_A_YEAR, (returns, 365)),
        (OF_EQUITY, (CURVE,)),
        (OF_EQUITY_A_YEAR, (CURVE, 365)),
    ):
        for name in names:
            assert getattr(found, name) == getattr(undertow.stats, name)(*arguments)
    assert found.periods == 199
    assert found.lo_sharpe == undertow.stats.lo_sharpe(returns, 365)


def test_short_curves_have_no_yearly_growth() -> None:
    found = performance_measures(CURVE[:20], 365)
    assert isnan(found.cagr)
    assert isnan(found.calmar)
    assert not isnan(found.sharpe)
    assert not isnan(performance_measures(CURVE[:20], 365, least_years=0.0).calmar)


def test_a_ruined_account_is_cut_where_it_ended() -> None:
    found = performance_measures([100.0, 50.0, -10.0, 80.0], 365, least_years=0.0)
    assert found.is_ruined
    assert found.periods == 2
    assert found.total_return == pytest.approx(-1.1)
    assert found.cagr == -1.0


@given(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=6))
def test_anything_short_has_an_answer_without_infinities(curve: list[float]) -> None:
    found = performance_measures(curve, 365)
    assert not np.isinf(found).any()
    assert found.periods == len(curve) - 1


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="nan at index 1"):
        performance_measures([1.0, np.nan], 365)
    with pytest.raises(CallerError, match="at least 1 equity"):
        performance_measures([], 365)
    with pytest.raises(CallerError, match="equity above 0"):
        performance_measures([0.0, 1.0], 365)
