"""Expected: by hand, and empyrical-reloaded 0.7.1 at 365 periods."""

from math import isnan

import empyrical
import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import LEAST_GROWTH_DAYS, cagr, compounded_equity


def test_two_years_to_double_and_double() -> None:
    curve = np.ones(731)
    curve[-1] = 4.0
    assert cagr(curve, 365) == pytest.approx(1.0, rel=1e-12)


def test_agrees_with_empyrical() -> None:
    returns = np.random.default_rng(1).standard_t(4, 400) * 0.02
    expected = empyrical.cagr(returns, annualization=365)
    assert cagr(compounded_equity(returns), 365) == pytest.approx(expected, rel=1e-12)


def test_a_short_curve_gives_none_where_a_length_is_asked() -> None:
    curve = np.linspace(1.0, 1.2, 11)
    assert cagr(curve, 365) > 700.0
    assert isnan(cagr(curve, 365, least_years=LEAST_GROWTH_DAYS / 365))
    assert not isnan(cagr(np.linspace(1.0, 1.2, 31), 365, least_years=LEAST_GROWTH_DAYS / 365))


def test_edges() -> None:
    assert cagr([100.0, -5.0], 365) == -1.0
    assert isnan(cagr([100.0], 365))
    assert isnan(cagr([1.0, 1e10], 365))  # more than a float holds
    assert cagr([[1.0, 2.0], [1.1, 2.0]], 1).tolist() == pytest.approx([0.1, 0.0])
    with pytest.raises(CallerError, match="starting equity above 0"):
        cagr([0.0, 1.0], 365)
