"""Expected: by hand, empyrical-reloaded 0.7.1, quantstats 0.0.86. Tolerance 1e-12 relative."""

from math import isnan

import empyrical
import numpy as np
import pandas as pd
import pytest
import quantstats

from undertow.stats import gain_to_pain, omega, profit_factor

RETURNS = np.random.default_rng(1).standard_t(4, 250) * 0.02 + 0.001


def test_by_hand() -> None:
    assert omega([0.03, -0.01, -0.01, 0.0]) == pytest.approx(1.5)
    assert omega([0.03, -0.01], threshold=0.01) == pytest.approx(1.0)
    assert gain_to_pain([0.03, -0.01, -0.01, 0.0]) == pytest.approx(0.5)


def test_agrees_with_the_others() -> None:
    assert omega(RETURNS) == pytest.approx(empyrical.omega_ratio(RETURNS), rel=1e-12)
    series = pd.Series(RETURNS, pd.date_range("2024-01-01", periods=250))
    expected = quantstats.stats.gain_to_pain_ratio(series)  # type: ignore[no-untyped-call]
    assert gain_to_pain(RETURNS) == pytest.approx(expected, rel=1e-12)


def test_omega_at_zero_is_gain_to_pain_and_one() -> None:
    assert omega(RETURNS) == pytest.approx(gain_to_pain(RETURNS) + 1.0, rel=1e-12)
    assert omega(RETURNS) == profit_factor(RETURNS)


def test_without_losses_nothing_is_divided() -> None:
    assert isnan(omega([0.1, 0.2]))
    assert isnan(gain_to_pain([0.1, 0.0]))
    assert isnan(omega([]))
    assert omega([[0.1, 0.1], [-0.1, 0.1]])[0] == pytest.approx(1.0)
    assert np.isnan(gain_to_pain([[0.1, 0.1], [-0.1, 0.1]])).tolist() == [False, True]
