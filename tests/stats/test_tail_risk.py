"""Expected: by hand, numpy's quantile, scipy.stats.norm, empyrical-reloaded, quantstats."""

from math import isnan

import empyrical
import numpy as np
import pandas as pd
import pytest
import quantstats
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from undertow.domain.errors import CallerError
from undertow.stats import (
    conditional_value_at_risk,
    gaussian_conditional_value_at_risk,
    gaussian_value_at_risk,
    tail_ratio,
    value_at_risk,
)

RETURNS = np.random.default_rng(1).standard_t(4, 250) * 0.02


def test_by_hand() -> None:
    # Eleven values -5 .. 5: the quantile at 0.1 is the second, exactly.
    values = np.arange(-5.0, 6.0)
    assert value_at_risk(values, 0.9) == -4.0
    assert conditional_value_at_risk(values, 0.9) == -4.5
    assert value_at_risk(values, 0.95) == pytest.approx(-4.5)
    assert conditional_value_at_risk(values, 0.95) == -5.0
    assert tail_ratio([-0.02, 0.0, 0.04], 0.95) == pytest.approx(2.0)


def test_historical_agrees_with_empyrical() -> None:
    assert value_at_risk(RETURNS) == pytest.approx(empyrical.value_at_risk(RETURNS), rel=1e-12)
    limit = np.quantile(RETURNS, 0.05)
    expected = RETURNS[limit >= RETURNS].mean()
    assert conditional_value_at_risk(RETURNS) == pytest.approx(expected, rel=1e-12)
    assert tail_ratio(RETURNS) == pytest.approx(empyrical.tail_ratio(RETURNS), rel=1e-12)


def test_gaussian_agrees_with_quantstats_and_scipy() -> None:
    series = pd.Series(RETURNS, pd.date_range("2024-01-01", periods=250))
    expected = quantstats.stats.value_at_risk(series)
    assert gaussian_value_at_risk(RETURNS) == pytest.approx(expected, rel=1e-12)
    deviation = np.std(RETURNS, ddof=1)
    expected = RETURNS.mean() - deviation * norm.pdf(norm.ppf(0.01)) / 0.01
    assert gaussian_conditional_value_at_risk(RETURNS, 0.99) == pytest.approx(expected, rel=1e-10)


def test_the_normal_law_by_integration() -> None:
    draws = norm.ppf((np.arange(400_000) + 0.5) / 400_000) * 0.02 + 0.001
    for historical, gaussian in (
        (value_at_risk, gaussian_value_at_risk),
        (conditional_value_at_risk, gaussian_conditional_value_at_risk),
    ):
        assert historical(draws, 0.975) == pytest.approx(gaussian(draws, 0.975), rel=1e-4)


def test_edges() -> None:
    for one in (value_at_risk, conditional_value_at_risk, tail_ratio, gaussian_value_at_risk):
        assert isnan(one([]))
    assert isnan(gaussian_conditional_value_at_risk([0.1]))
    assert isnan(tail_ratio([0.0, 0.0]))
    assert value_at_risk([-0.1]) == conditional_value_at_risk([-0.1]) == -0.1
    with pytest.raises(CallerError, match="expected a confidence of"):
        value_at_risk(RETURNS, 0.05)


def test_columns() -> None:
    table = RETURNS.reshape(50, 5)
    for one in (value_at_risk, conditional_value_at_risk, gaussian_value_at_risk, tail_ratio):
        assert one(table).tolist() == pytest.approx([one(table[:, k]) for k in range(5)])


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40), st.floats(0.5, 0.995))
def test_what_lies_beyond_is_worse(returns: list[float], confidence: float) -> None:
    var, tail = value_at_risk(returns, confidence), conditional_value_at_risk(returns, confidence)
    assert min(returns) - 1e-12 <= tail <= var + 1e-12
