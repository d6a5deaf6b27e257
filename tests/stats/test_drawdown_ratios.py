"""Expected: by hand, empyrical-reloaded 0.7.1, quantstats 0.0.86 where its divisor is changed."""

from math import isnan, sqrt

import empyrical
import numpy as np
import pandas as pd
import pytest
import quantstats
from hypothesis import given
from hypothesis import strategies as st

from undertow.stats import (
    cagr,
    calmar,
    compounded_equity,
    conditional_value_at_risk,
    martin_ratio,
    recovery_factor,
    serenity_index,
    simple_returns,
    ulcer_index,
    underwater,
)

CURVE = [100.0, 110.0, 99.0, 104.5, 121.0]
RETURNS = np.random.default_rng(1).normal(0.001, 0.02, 300)


def test_by_hand() -> None:
    # Depths after the start: 0, -0.1, -0.05, 0.
    ulcer = sqrt((0.01 + 0.0025) / 4)
    assert ulcer_index(CURVE) == pytest.approx(ulcer, rel=1e-12)
    assert calmar(CURVE, 4) == pytest.approx(0.21 / 0.1, rel=1e-12)
    assert recovery_factor(CURVE) == pytest.approx(21.0 / 11.0, rel=1e-12)
    assert martin_ratio(CURVE, 4, risk_free=0.01) == pytest.approx(0.20 / ulcer, rel=1e-12)


def test_serenity_by_its_parts() -> None:
    returns = simple_returns(CURVE)
    tail = -conditional_value_at_risk(underwater(CURVE)[1:], 0.95)
    pitfall = tail / np.std(returns, ddof=1)
    expected = returns.sum() / (ulcer_index(CURVE) * pitfall)
    assert serenity_index(CURVE) == pytest.approx(expected, rel=1e-12)


def test_agrees_with_the_others() -> None:
    curve = compounded_equity(RETURNS)
    expected = empyrical.calmar_ratio(RETURNS, annualization=365)
    assert calmar(curve, 365) == pytest.approx(expected, rel=1e-12)
    series = pd.Series(RETURNS, pd.date_range("2024-01-01", periods=300))
    theirs = quantstats.stats.ulcer_index(series)  # type: ignore[no-untyped-call]
    assert ulcer_index(curve) == pytest.approx(theirs * sqrt(299 / 300), rel=1e-12)  # n, not n - 1


def test_without_a_drawdown_nothing_is_divided() -> None:
    rising = [1.0, 1.1, 1.2]
    for found in (calmar(rising, 365), recovery_factor(rising), martin_ratio(rising, 365)):
        assert isnan(found)
    assert isnan(serenity_index(rising))
    assert isnan(serenity_index([1.0, 0.9]))
    assert ulcer_index(rising) == 0.0
    assert isnan(ulcer_index([1.0]))
    assert isnan(calmar(CURVE, 365, least_years=1.0))


def test_columns() -> None:
    table = compounded_equity(np.random.default_rng(2).normal(0.0, 0.02, (50, 3)))
    for one in (recovery_factor, ulcer_index, serenity_index):
        assert one(table).tolist() == pytest.approx([one(table[:, k]) for k in range(3)])
    assert calmar(table, 365).tolist() == pytest.approx(
        [calmar(table[:, k], 365) for k in range(3)]
    )
    expected = [martin_ratio(table[:, k], 365) for k in range(3)]
    assert martin_ratio(table, 365).tolist() == pytest.approx(expected)


@given(st.lists(st.integers(1, 50), min_size=3, max_size=40), st.integers(2, 9))
def test_the_unit_of_money_does_not_matter(curve: list[int], scale: int) -> None:
    scaled = [value * scale for value in curve]
    for one in (recovery_factor, ulcer_index, serenity_index):
        assert one(scaled) == pytest.approx(one(curve), rel=1e-9, nan_ok=True)
    assert (cagr(curve, len(curve)) > 0) == (curve[-1] > curve[0])
