"""Expected: scipy.stats' biased moments, and two values worked by hand."""

import numpy as np
import pytest
from scipy.stats import kurtosis, skew

from undertow.domain.errors import CallerError
from undertow.stats.sharpe_moments import (
    column_sharpes,
    return_moments,
    sharpe_variance_factor,
)


def test_they_are_population_moments_and_a_sample_deviation() -> None:
    returns = np.random.default_rng(1).standard_t(5, 300) * 0.01 + 0.001
    found = return_moments(returns)
    assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1))
    assert found.skewness == pytest.approx(skew(returns))
    assert found.kurtosis == pytest.approx(kurtosis(returns, fisher=False))
    assert found.observations == 300


def test_a_hand_worked_row() -> None:
    found = return_moments([0.0, 0.0, 0.0, 4.0])
    assert found.sharpe == pytest.approx(0.5)  # mean 1, variance (3 + 9)/3 = 4
    assert found.skewness == pytest.approx(6.0 / 3.0**1.5)  # m3 = (-3 + 27)/4, m2 = 3
    assert found.kurtosis == pytest.approx(21.0 / 9.0)  # m4 = (3 + 81)/4


def test_a_constant_row_has_none() -> None:
    assert np.isnan(return_moments([0.001] * 7)[:3]).all()
    assert np.isnan(column_sharpes(np.full((7, 1), 0.001))).all()


def test_columns_are_their_own_rows() -> None:
    table = np.random.default_rng(2).standard_normal((50, 3))
    expected = [return_moments(column).sharpe for column in table.T]
    assert column_sharpes(table) == pytest.approx(expected)


def test_the_variance_factor_and_its_guard() -> None:
    assert sharpe_variance_factor(2.0, 0.0, 3.0) == pytest.approx(3.0)
    assert sharpe_variance_factor(0.5, -1.0, 5.0) == pytest.approx(1.75)
    with pytest.raises(CallerError, match="excess kurtosis"):
        sharpe_variance_factor(0.1, 0.0, 0.0)  # a normal's excess kurtosis
    assert np.isnan(sharpe_variance_factor(2.0, 1.0, 2.0))  # two-point moments: no variance left


def test_too_few_or_unknown_returns_are_refused() -> None:
    with pytest.raises(CallerError, match="at least 2"):
        return_moments([0.1])
    with pytest.raises(CallerError, match="found nan at"):
        return_moments([0.1, np.nan])
