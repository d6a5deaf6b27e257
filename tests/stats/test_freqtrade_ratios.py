"""Expected: by hand from the published definitions."""

from math import isnan, sqrt

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import freqtrade_trade_based

RESULTS = np.array([50.0, -20.0, 30.0, -40.0, 80.0])


def test_by_hand() -> None:
    # On 1,000: shares 0.05 -0.02 0.03 -0.04 0.08, sum 0.1 over 10 days.
    shares = RESULTS / 1_000
    found = freqtrade_trade_based(RESULTS, 1_000, 10)
    assert found.sharpe == pytest.approx(0.01 / np.std(shares) * sqrt(365), rel=1e-12)
    assert found.sortino == pytest.approx(0.01 / 0.01 * sqrt(365), rel=1e-12)
    # Balance 1000 1050 1030 1060 1020 1100: the largest loss is 40 from 1060.
    assert found.calmar == pytest.approx(1.0 / (40 / 1060) * sqrt(365), rel=1e-12)


def test_the_drawdown_is_that_of_the_largest_loss_in_money() -> None:
    # 10 % of 100, then 15 of 300: the second is larger in money, smaller as a share.
    found = freqtrade_trade_based([-10.0, 210.0, -15.0], 100, 1)
    assert found.calmar == pytest.approx(100 * 1.85 / (15 / 300) * sqrt(365), rel=1e-12)


def test_undefined_is_nan() -> None:
    assert all(map(isnan, freqtrade_trade_based([], 100, 1)))
    assert isnan(freqtrade_trade_based([1.0, 2.0], 100, 1).sortino)
    assert isnan(freqtrade_trade_based([1.0, 2.0], 100, 1).calmar)
    assert isnan(freqtrade_trade_based([-1.0, 2.0], 100, 1).sortino)
    with pytest.raises(CallerError, match="days above 0"):
        freqtrade_trade_based([1.0], 100, 0)
