"""Expected: Bailey, Borwein, Lopez de Prado and Zhu (2014): 45 configurations for five years."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.backtest_length import (
    minimum_backtest_years,
    minimum_backtest_years_bound,
    most_independent_trials,
)
from undertow.stats.best_of_trials import expected_maximum


def test_five_years_carry_forty_five_configurations() -> None:
    assert most_independent_trials(5.0) == 45
    assert minimum_backtest_years(45) <= 5.0 < minimum_backtest_years(46)


def test_it_is_its_definition() -> None:
    assert minimum_backtest_years(10, 2.0) == pytest.approx((expected_maximum(10) / 2.0) ** 2)
    assert minimum_backtest_years_bound(10, 2.0) == pytest.approx(2.0 * np.log(10.0) / 4.0)
    assert minimum_backtest_years(1) == 0.0


@given(st.floats(1.0, 1e9), st.floats(0.2, 5.0))
def test_the_bound_is_above(trials: float, sharpe: float) -> None:
    years = minimum_backtest_years(trials, sharpe)
    assert years <= minimum_backtest_years_bound(trials, sharpe) + 1e-9


@given(st.floats(0.1, 30.0))
def test_the_most_trials_fit_and_one_more_does_not(years: float) -> None:
    most = most_independent_trials(years)
    assert minimum_backtest_years(most) <= years < minimum_backtest_years(most + 1)


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="annual Sharpe ratio above 0"):
        minimum_backtest_years(10, 0.0)
    with pytest.raises(CallerError, match="at least 1 trial"):
        minimum_backtest_years_bound(0.5)
    with pytest.raises(CallerError, match="years above 0"):
        most_independent_trials(0.0)
    with pytest.raises(CallerError, match="below 70"):
        most_independent_trials(1e3)
