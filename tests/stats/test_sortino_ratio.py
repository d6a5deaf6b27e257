"""Expected: by hand, and empyrical-reloaded 0.7.1 at 365 periods. Tolerance 1e-12 relative."""

from math import isnan, sqrt

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.stats import downside_deviation, sortino

RETURNS = [0.04, -0.03, 0.0, -0.01, 0.02]


def test_by_hand_over_all_observations() -> None:
    # Shortfalls 0.03 and 0.01: squares 0.0010 over ALL five.
    below = sqrt(0.0010 / 5)
    assert downside_deviation(RETURNS) == pytest.approx(below, rel=1e-12)
    assert sortino(RETURNS, 365) == pytest.approx(0.004 / below * sqrt(365), rel=1e-12)
    # Not the two other denominators in use: losers only, and the deviation of the losers.
    assert downside_deviation(RETURNS) != pytest.approx(sqrt(0.0010 / 2))


def test_a_target_moves_both_parts() -> None:
    # Above 0.01: 0.03, -0.04, -0.01, -0.02, 0.01 with mean -0.006.
    below = sqrt((0.0016 + 0.0001 + 0.0004) / 5)
    expected = -0.006 / below
    assert sortino(RETURNS, 1, minimum_acceptable=0.01) == pytest.approx(expected, rel=1e-12)


def test_agrees_with_empyrical() -> None:
    returns = np.random.default_rng(1).standard_t(4, 400) * 0.02
    expected = empyrical.sortino_ratio(returns, annualization=365)
    assert sortino(returns, 365) == pytest.approx(expected, rel=1e-12)


def test_undefined_is_nan() -> None:
    assert isnan(sortino([0.01, 0.02], 365))
    assert isnan(sortino([], 365))
    assert isnan(downside_deviation([]))
    assert downside_deviation([0.01]) == 0.0
    assert sortino([-0.01], 1) == -1.0


def test_columns() -> None:
    table = np.random.default_rng(2).normal(0.0, 0.01, (50, 3))
    expected = [sortino(table[:, k], 365) for k in range(3)]
    assert sortino(table, 365).tolist() == pytest.approx(expected)


@given(st.lists(st.floats(-0.2, 0.2), min_size=1, max_size=40), st.floats(0.1, 10.0))
def test_scale_does_not_matter(returns: list[float], scale: float) -> None:
    array = np.round(returns, 6)
    found = sortino(array, 365)
    assert sortino(scale * array, 365) == pytest.approx(found, rel=1e-9, nan_ok=True)
    assert isnan(found) == bool((array >= 0.0).all())
