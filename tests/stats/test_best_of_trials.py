"""Expected: Bailey et al. (2014), order statistics of small samples in closed form, simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from undertow.domain.errors import CallerError
from undertow.stats.best_of_trials import expected_maximum, expected_maximum_exact


def test_ten_trials_as_printed() -> None:
    assert round(expected_maximum(10), 2) == 1.57


@pytest.mark.parametrize("trials", [2.0, 10.0, 46.5, 1e6])
def test_it_is_its_definition(trials: float) -> None:
    gamma = 0.57721566490153286
    first, second = norm.isf(1.0 / trials), norm.isf(1.0 / (trials * np.e))
    expected = (1.0 - gamma) * first + gamma * second
    assert expected_maximum(trials) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("trials", "exact"),
    [(1, 0.0), (2, 1.0 / np.sqrt(np.pi)), (3, 1.5 / np.sqrt(np.pi)), (5, 1.1629644736)],
)
def test_the_integral_is_the_closed_form(trials: int, exact: float) -> None:
    assert expected_maximum_exact(trials) == pytest.approx(exact, abs=1e-9)


def test_the_integral_is_what_a_simulation_shows() -> None:
    best = np.random.default_rng(6).standard_normal((20_000, 100)).max(axis=1)
    assert expected_maximum_exact(100) == pytest.approx(best.mean(), abs=0.012)


@pytest.mark.parametrize("trials", [5, 10, 100, 1e4, 1e6, 1e9])
def test_the_approximation_is_a_little_high(trials: float) -> None:
    share = expected_maximum(trials) / expected_maximum_exact(trials) - 1.0
    assert 0.0 < share < 0.027


@given(st.floats(1.0, 1e7))
def test_more_trials_never_promise_less(trials: float) -> None:
    assert 0.0 <= expected_maximum(trials) <= expected_maximum(trials * 1.01)


@pytest.mark.parametrize("bad", [0.99, 0.0, np.nan, np.inf])
def test_fewer_than_one_trial_is_refused(bad: float) -> None:
    for function in (expected_maximum, expected_maximum_exact):
        with pytest.raises(CallerError, match="at least 1 trial"):
            function(bad)
