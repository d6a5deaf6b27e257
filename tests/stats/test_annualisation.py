"""Expected: by hand, and empyrical-reloaded 0.7.1 at 365 periods."""

import empyrical
import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import DAY_NS, periods_per_year, volatility


def test_periods_of_a_market_that_never_closes() -> None:
    assert periods_per_year(DAY_NS) == 365.0
    assert periods_per_year(DAY_NS // 24) == 8_760.0
    assert periods_per_year(DAY_NS // 1440) == 525_600.0
    assert periods_per_year(DAY_NS, days_per_year=252) == 252.0
    with pytest.raises(CallerError, match="at least 1 ns"):
        periods_per_year(0)


def test_volatility_agrees_with_empyrical() -> None:
    returns = np.random.default_rng(1).standard_t(4, 400) * 0.02
    expected = empyrical.annual_volatility(returns, annualization=365)
    assert volatility(returns, 365) == pytest.approx(expected, rel=1e-12)


def test_volatility_at_the_edges() -> None:
    assert volatility([0.1, 0.1, 0.1], 365) == 0.0
    assert np.isnan(volatility([0.1], 365))
    assert volatility([[0.0, 0.1], [0.2, 0.1]], 1).tolist() == pytest.approx([0.02**0.5, 0.0])
