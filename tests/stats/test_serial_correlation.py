"""Expected: Lo's own table for AR(1), a simulation, quantstats 0.0.86 for the smart forms."""

from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
import quantstats

from undertow.domain.errors import CallerError
from undertow.stats import (
    autocorrelation_penalty,
    autocorrelations,
    lo_scale,
    lo_sharpe,
    sharpe,
    smart_sharpe,
    smart_sortino,
    sortino,
)


def ar1(count: int, slope: float, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    noise = np.random.default_rng(seed).standard_normal(count)
    found = np.zeros(count)
    for place in range(1, count):
        found[place] = slope * found[place - 1] + noise[place]
    return found


def test_by_hand() -> None:
    # rho_1 of 1, 2, 4, 3 by its definition; eta(4) = 4 / sqrt(4 + 2 * 3 * rho_1) with one lag.
    rho = float(autocorrelations([1.0, 2.0, 4.0, 3.0], 1)[0])
    assert rho == pytest.approx((-1.5 * -0.5 + -0.5 * 1.5 + 1.5 * 0.5) / 5.0)
    expected = 4.0 / sqrt(4.0 + 6.0 * rho)
    assert lo_scale([1.0, 2.0, 4.0, 3.0], 4, lags=1) == pytest.approx(expected, rel=1e-12)


def test_the_factor_of_ar1_is_that_of_the_paper() -> None:
    # Lo (2002), table 2: eta(12) is 2.88 for rho = 0.1 (12 months), 4.17 for -0.2; sqrt(12) = 3.46.
    # The sample is long, so its autocorrelations are near rho^k; tolerance 2 %.
    trending, reversing = ar1(200_000, 0.2), ar1(200_000, -0.2)
    exact = [12 / sqrt(12 + 2 * sum((12 - k) * r**k for k in range(1, 12))) for r in (0.2, -0.2)]
    assert lo_scale(trending, 12, lags=11) == pytest.approx(exact[0], rel=0.02)
    assert lo_scale(reversing, 12, lags=11) == pytest.approx(exact[1], rel=0.02)
    assert exact[1] == pytest.approx(4.17, abs=0.01)


def test_the_year_of_a_trending_series_is_worth_less() -> None:
    # The Sharpe ratio of sums of 10, measured on the sums themselves, against its prediction.
    daily = 0.05 + ar1(400_000, 0.3, 3)
    sums = daily.reshape(-1, 10).sum(axis=1)
    assert lo_sharpe(daily, 10, lags=9) == pytest.approx(sharpe(sums, 1), rel=0.03)
    assert lo_sharpe(daily, 10) < sharpe(daily, 10)


def test_without_lags_it_is_the_plain_ratio() -> None:
    returns = np.random.default_rng(4).normal(0.001, 0.01, 300)
    assert lo_sharpe(returns, 365, lags=0) == pytest.approx(sharpe(returns, 365), rel=1e-12)
    assert lo_scale(returns, 1) == 1.0


def test_undefined_is_nan() -> None:
    assert isnan(lo_scale([0.1, 0.2], 365))
    assert isnan(lo_sharpe([0.1, 0.1, 0.1, 0.1], 365))
    assert isnan(lo_scale([1.0, -1.0] * 20, 365, lags=1))
    assert isnan(autocorrelation_penalty([0.1, 0.2]))
    assert isnan(smart_sharpe([0.1] * 5, 365))
    with pytest.raises(CallerError, match="at least 1 period"):
        lo_scale([0.1, 0.2, 0.3], 0)


def test_smart_forms_agree_with_quantstats() -> None:
    returns = 0.01 * ar1(300, 0.2, 5) + 0.001
    series = pd.Series(returns, pd.date_range("2024-01-01", periods=300))
    penalty = quantstats.stats.autocorr_penalty(series)
    assert autocorrelation_penalty(returns) == pytest.approx(penalty, rel=1e-12)
    assert smart_sharpe(returns, 365) == pytest.approx(
        quantstats.stats.smart_sharpe(series, periods=365), rel=1e-12
    )
    assert smart_sortino(returns, 365) == pytest.approx(sortino(returns, 365) / penalty, rel=1e-12)
