"""Expected: by hand, empyrical-reloaded 0.7.1, scipy's regression. Tolerance 1e-10 relative."""

from math import isnan

import empyrical
import numpy as np
import pytest
from scipy.stats import linregress

from undertow.domain.errors import CallerError
from undertow.stats import (
    alpha,
    benchmark_correlation,
    beta,
    compared_with_benchmark,
    down_capture,
    information_ratio,
    sharpe,
    tracking_error,
    up_capture,
)

rng = np.random.default_rng(1)
MARKET = rng.normal(0.0005, 0.02, 300)
RETURNS = 0.0003 + 0.6 * MARKET + rng.normal(0.0, 0.01, 300)


def test_the_line_is_that_of_a_regression() -> None:
    line = linregress(MARKET, RETURNS)
    assert beta(RETURNS, MARKET) == pytest.approx(line.slope, rel=1e-10)
    assert alpha(RETURNS, MARKET, 365) == pytest.approx(line.intercept * 365, rel=1e-10)
    assert benchmark_correlation(RETURNS, MARKET) == pytest.approx(line.rvalue, rel=1e-10)
    assert beta(RETURNS, MARKET) == pytest.approx(empyrical.beta(RETURNS, MARKET), rel=1e-10)
    # Empyrical compounds the same daily intercept.
    assert (1 + line.intercept) ** 365 - 1 == pytest.approx(
        empyrical.alpha(RETURNS, MARKET, annualization=365), rel=1e-8
    )


def test_active_returns() -> None:
    active = RETURNS - MARKET
    assert information_ratio(RETURNS, MARKET, 365) == pytest.approx(sharpe(active, 365), rel=1e-12)
    expected = np.std(active, ddof=1) * np.sqrt(365)
    assert tracking_error(RETURNS, MARKET, 365) == pytest.approx(expected, rel=1e-12)


def test_captures_agree_with_empyrical() -> None:
    # Period "yearly" makes its annual return the geometric mean of a period.
    up = empyrical.up_capture(RETURNS, MARKET, period="yearly")
    down = empyrical.down_capture(RETURNS, MARKET, period="yearly")
    assert up_capture(RETURNS, MARKET) == pytest.approx(up, rel=1e-10)
    assert down_capture(RETURNS, MARKET) == pytest.approx(down, rel=1e-10)
    found = compared_with_benchmark(RETURNS, MARKET, 365)
    assert found.capture_ratio == pytest.approx(up / down, rel=1e-10)


def test_the_benchmark_against_itself() -> None:
    found = compared_with_benchmark(MARKET, MARKET, 365)
    assert found[:4] == pytest.approx((1.0, 0.0, 1.0, 0.0), abs=1e-12)
    assert isnan(found.information_ratio)
    assert found[5:] == pytest.approx((1.0, 1.0, 1.0))


def test_many_columns_against_one() -> None:
    table = np.column_stack([RETURNS, MARKET, -MARKET])
    assert beta(table, MARKET).tolist() == pytest.approx([beta(RETURNS, MARKET), 1.0, -1.0])
    assert up_capture(table, MARKET)[1] == pytest.approx(1.0)
    assert information_ratio(table, MARKET, 365).shape == (3,)


def test_undefined_is_nan_and_lengths_must_match() -> None:
    assert isnan(beta([0.1, 0.2], [0.1, 0.1]))
    assert isnan(alpha([0.1], [0.1], 365))
    assert isnan(up_capture([0.1, 0.2], [-0.1, -0.2]))
    assert isnan(benchmark_correlation([], []))
    with pytest.raises(CallerError, match="benchmark to match returns"):
        beta([0.1, 0.2], [0.1])
    with pytest.raises(CallerError, match="finite benchmark, found nan at index 1"):
        beta([0.1, 0.2], [0.1, np.nan])
