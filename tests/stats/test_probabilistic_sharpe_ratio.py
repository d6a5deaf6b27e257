"""Expected: the papers' printed examples, and the definition worked with scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kurtosis, norm, skew

from undertow.domain.errors import CallerError
from undertow.stats.probabilistic_sharpe_ratio import (
    probabilistic_sharpe,
    probabilistic_sharpe_null_variance,
    probabilistic_sharpe_of_returns,
    sharpe_standard_error,
)

MONTHLY = 0.036 / 0.079  # Bailey and Lopez de Prado (2012): 24 months, "0.458" rounded


def test_the_papers_example() -> None:
    assert round(probabilistic_sharpe(0.458, 24), 3) == 0.982
    found = probabilistic_sharpe(0.458, 24, skewness=-2.448, kurtosis=10.164)
    assert round(found, 3) == 0.913


@pytest.mark.parametrize(("benchmark", "printed"), [(0.0, 0.987), (0.1, 0.939)])
def test_the_2025_example(benchmark: float, printed: float) -> None:
    found = probabilistic_sharpe_null_variance(
        MONTHLY, 24, benchmark=benchmark, skewness=-2.448, kurtosis=10.164
    )
    assert round(found, 3) == printed


def test_returns_use_their_own_moments() -> None:
    returns = np.random.default_rng(3).standard_t(4, 500) * 0.01 + 0.0005
    ratio = returns.mean() / returns.std(ddof=1)
    width = 1.0 - skew(returns) * ratio + (kurtosis(returns, fisher=False) - 1.0) / 4.0 * ratio**2
    expected = norm.cdf((ratio - 0.01) * np.sqrt(499) / np.sqrt(width))
    assert probabilistic_sharpe_of_returns(returns, benchmark=0.01) == pytest.approx(expected)


def test_an_excess_kurtosis_is_noticed() -> None:
    with pytest.raises(CallerError, match="full kurtosis"):
        probabilistic_sharpe(0.1, 250, kurtosis=0.0)


def test_undefined_stays_undefined() -> None:
    assert np.isnan(probabilistic_sharpe_of_returns([0.01] * 20))
    assert np.isnan(probabilistic_sharpe(np.nan, 20))
    with pytest.raises(CallerError, match="more than 1 observation"):
        probabilistic_sharpe(0.1, 1)


def test_the_standard_error_is_the_one_inside() -> None:
    error = sharpe_standard_error(0.1, 250, skewness=-1.0, kurtosis=6.0)
    inside = norm.ppf(probabilistic_sharpe(0.1, 250, skewness=-1.0, kurtosis=6.0))
    assert 0.1 / error == pytest.approx(inside)


@given(
    sharpe=st.floats(-0.5, 0.5),
    observations=st.integers(3, 2000),
    skewness=st.floats(-2.0, 2.0),
    more=st.floats(0.5, 8.0),
)
def test_it_is_a_probability_above_one_half_exactly_when_it_beats(
    sharpe: float, observations: int, skewness: float, more: float
) -> None:
    found = probabilistic_sharpe(
        sharpe, observations, skewness=skewness, kurtosis=1.0 + skewness**2 + more
    )
    assert 0.0 <= found <= 1.0
    assert (found > 0.5) == (sharpe > 0.0) or abs(sharpe) < 1e-12


def test_its_error_rate_on_noise() -> None:
    """A true Sharpe ratio of 0 reaches 95 % in about 5 % of samples, fat tails or not."""
    rng = np.random.default_rng(4)
    for noise in (rng.standard_normal((1000, 250)), rng.standard_t(5, (1000, 250))):
        hits = sum(probabilistic_sharpe_of_returns(row) >= 0.95 for row in noise)
        assert 30 <= hits <= 72
