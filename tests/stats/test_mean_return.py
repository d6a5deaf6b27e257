"""Expected: scipy.stats' t tests, and the defect of another engine that loses the sign."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from undertow.domain.errors import CallerError
from undertow.stats.mean_return import Alternative, mean_return_test, mean_return_test_hac


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_it_agrees_with_scipy(alternative: Alternative) -> None:
    rng = np.random.default_rng(13)
    returns, benchmark = rng.standard_normal((2, 60)) * 0.01
    found = mean_return_test(returns, benchmark=benchmark, alternative=alternative)
    expected = ttest_1samp(returns - benchmark, 0.0, alternative=alternative)
    assert found.score == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.mean == pytest.approx((returns - benchmark).mean())
    assert found.observations == 60


@pytest.mark.parametrize("score", [-5.77, -9.21])
def test_a_certain_loser_is_never_significant(score: float) -> None:
    """LEAN halves a two-sided p-value whatever the sign: these two pass there."""
    rng = np.random.default_rng(14)
    noise = rng.standard_normal(500)
    noise = (noise - noise.mean()) / noise.std(ddof=1) * 0.01
    returns = noise + score * 0.01 / np.sqrt(500)
    found = mean_return_test(returns)
    assert found.score == pytest.approx(score)
    assert found.p_value > 0.999
    assert mean_return_test_hac(returns).p_value > 0.999


def test_a_benchmark_that_is_missing_is_refused() -> None:
    """LEAN reports p = 0.5, or passes, when its benchmark's history is empty."""
    returns = np.random.default_rng(15).standard_normal(30)
    with pytest.raises(CallerError, match="each of 30 periods, found 0"):
        mean_return_test(returns, benchmark=[])
    with pytest.raises(CallerError, match="finite benchmark"):
        mean_return_test(returns, benchmark=np.nan)


def test_noise_passes_at_the_stated_rate() -> None:
    rng = np.random.default_rng(16)
    hits = sum(mean_return_test(row).p_value <= 0.05 for row in rng.standard_normal((2000, 50)))
    assert 70 <= hits <= 130


def test_correlated_noise_needs_the_hac_form() -> None:
    rng = np.random.default_rng(17)
    plain = robust = 0
    for _ in range(300):
        shocks = rng.standard_normal(400)
        series = np.empty(400)
        series[0] = shocks[0]
        for row in range(1, 400):
            series[row] = 0.5 * series[row - 1] + shocks[row]
        plain += mean_return_test(series).p_value <= 0.05
        robust += mean_return_test_hac(series).p_value <= 0.05
    assert plain > 40  # 13 % and more instead of 5 %
    assert robust <= 27


def test_no_variation_is_unknown() -> None:
    for test in (mean_return_test, mean_return_test_hac):
        found = test([0.01] * 12)
        assert found.mean == 0.01
        assert np.isnan([found.standard_error, found.score, found.p_value]).all()


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="greater, less or two-sided"):
        mean_return_test([0.1, 0.2], alternative="both")  # type: ignore[arg-type]
    with pytest.raises(CallerError, match="at least 10 returns"):
        mean_return_test_hac([0.1, 0.2])
