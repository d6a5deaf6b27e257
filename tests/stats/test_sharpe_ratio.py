"""Expected: by hand, and empyrical-reloaded 0.7.1 at 365 periods. Tolerance 1e-12 relative."""

from math import isnan, sqrt

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import sharpe

returns_lists = st.lists(st.floats(-0.2, 0.2).map(lambda x: round(x, 6)), min_size=2, max_size=40)


def test_by_hand() -> None:
    # Mean 0.01, squares 0.0001 + 0.0004 + 0.0001 over 2: deviation sqrt(0.0003).
    expected = 0.01 / sqrt(0.0003) * sqrt(365)
    assert sharpe([0.02, -0.01, 0.02], 365) == pytest.approx(expected, rel=1e-12)
    assert sharpe([0.02, -0.01, 0.02], 1, risk_free=0.01) == pytest.approx(0.0, abs=1e-12)


def test_agrees_with_empyrical() -> None:
    returns = np.random.default_rng(1).standard_t(4, 400) * 0.02
    assert sharpe(returns, 365) == pytest.approx(
        empyrical.sharpe_ratio(returns, annualization=365), rel=1e-12
    )


def test_many_columns_in_one_call() -> None:
    table = np.random.default_rng(2).normal(0.001, 0.01, (250, 1000))
    found = sharpe(table, 365)
    assert found.shape == (1000,)
    assert found[[0, 999]].tolist() == pytest.approx([sharpe(table[:, k], 365) for k in (0, 999)])


def test_undefined_is_nan() -> None:
    assert isnan(sharpe([0.01], 365))
    assert isnan(sharpe([], 365))
    assert isnan(sharpe([0.1, 0.1, 0.1], 365))
    assert np.isnan(sharpe([[0.1, 0.2], [0.1, 0.1]], 365)).tolist() == [True, False]


def test_a_hole_is_refused_with_its_place() -> None:
    with pytest.raises(CallerError, match="nan at row 1, column 0"):
        sharpe([[0.1, 0.2], [np.nan, 0.1]], 365)


@given(returns_lists, st.floats(0.1, 10.0))
def test_scale_does_not_matter_and_sign_does(returns: list[float], scale: float) -> None:
    array = np.array(returns)
    found = sharpe(array, 365)
    if isnan(found):
        assert np.ptp(array) == 0.0
    else:
        assert sharpe(scale * array, 365) == pytest.approx(found, rel=1e-6, abs=1e-6)
        assert sharpe(-array, 365) == pytest.approx(-found, rel=1e-9, abs=1e-9)
