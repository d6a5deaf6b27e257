"""Expected: the textbook bets, the maximum of the growth found by search. Tolerance 1e-9."""

from math import isnan, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from undertow.domain.errors import CallerError
from undertow.stats import (
    kelly_binary,
    kelly_binary_growth,
    kelly_continuous,
    kelly_continuous_growth,
    kelly_discrete,
    kelly_from_trades,
)


def test_textbook_bets() -> None:
    assert kelly_binary(0.6, 1.0) == pytest.approx(0.2)
    assert kelly_binary(0.5, 2.0) == pytest.approx(0.25)
    assert kelly_binary(0.4, 1.0) == pytest.approx(-0.2)
    expected = 0.6 * log(1.2) + 0.4 * log(0.8)
    assert kelly_binary_growth(0.2, 0.6, 1.0) == pytest.approx(expected)
    assert isnan(kelly_binary_growth(1.0, 0.6, 1.0))
    with pytest.raises(CallerError, match="payoff above 0"):
        kelly_binary(0.5, 0.0)


def test_half_of_it_keeps_three_quarters_of_the_growth() -> None:
    full = kelly_continuous(0.001, 0.0004)
    assert full == pytest.approx(2.5)
    half = kelly_continuous_growth(full / 2, 0.001, 0.0004)
    assert half == pytest.approx(0.75 * kelly_continuous_growth(full, 0.001, 0.0004))
    assert isnan(kelly_continuous(0.001, 0.0))


@given(st.floats(0.05, 0.95), st.floats(0.2, 5.0))
def test_two_outcomes_are_the_binary_bet(chance: float, payoff: float) -> None:
    found = kelly_discrete([payoff, -1.0], [chance, 1.0 - chance])
    assert found == pytest.approx(kelly_binary(chance, payoff), abs=1e-9)


def test_several_outcomes_at_the_maximum_of_the_growth() -> None:
    outcomes, chances = np.array([0.5, 0.1, -0.2, -0.4]), np.array([0.2, 0.4, 0.3, 0.1])

    def loss(fraction: float) -> float:
        return -float(np.sum(chances * np.log1p(fraction * outcomes)))

    best = minimize_scalar(loss, bounds=(-1.9, 2.4), method="bounded", options={"xatol": 1e-10}).x
    assert kelly_discrete(outcomes, chances) == pytest.approx(best, abs=1e-6)
    same = np.concatenate((outcomes, [9.0])), np.concatenate((chances, [0.0]))
    assert kelly_discrete(*same) == pytest.approx(best, abs=1e-6)


def test_one_sided_outcomes_have_no_answer() -> None:
    assert isnan(kelly_discrete([0.1, 0.2]))
    assert isnan(kelly_discrete([-0.1]))
    assert isnan(kelly_discrete([]))
    with pytest.raises(CallerError, match="probabilities that sum to 1"):
        kelly_discrete([1.0, -1.0], [0.5, 0.4])


def test_from_trades_by_hand() -> None:
    # 3 wins of 2 %, 2 losses of 1 %: p 0.6, b 2, f 0.4; a loss costs 1 %, so 40 times this size.
    found = kelly_from_trades([0.02, 0.02, 0.02, -0.01, -0.01])
    assert found.win_probability == pytest.approx(0.6)
    assert found.payoff_ratio == pytest.approx(2.0)
    assert found.stake_fraction == pytest.approx(0.4)
    assert found.portfolio_fraction == pytest.approx(40.0)


def test_from_trades_is_the_growth_optimum_and_break_even_changes_nothing() -> None:
    trades = [0.02, 0.02, 0.02, -0.01, -0.01]
    found = kelly_from_trades(trades)
    assert found.portfolio_fraction == pytest.approx(kelly_discrete(trades), rel=1e-9)
    assert kelly_from_trades([*trades, 0.0, 0.0]) == found
    assert np.isnan(kelly_from_trades([0.1])).all()
