"""Expected: by hand. Tolerance 1e-12 relative."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import (
    compounded_equity,
    log_returns,
    simple_returns,
    total_return,
    until_ruin,
)


def test_by_hand() -> None:
    assert simple_returns([100.0, 110.0, 99.0]).tolist() == pytest.approx([0.1, -0.1])
    assert log_returns([1.0, np.e]).tolist() == pytest.approx([1.0])
    assert total_return([100.0, 110.0, 99.0]) == pytest.approx(-0.01)
    assert simple_returns([100.0]).shape == (0,)
    assert total_return([100.0]) == 0.0


def test_columns() -> None:
    found = simple_returns([[100.0, 10.0], [110.0, 5.0]])
    assert found.tolist() == [pytest.approx([0.1, -0.5])]
    assert total_return([[100.0, 10.0], [110.0, 5.0]]).tolist() == pytest.approx([0.1, -0.5])


def test_an_account_that_is_gone_has_no_returns() -> None:
    # The step into ruin is a return, the step after it is not.
    assert simple_returns([100.0, -10.0]).tolist() == pytest.approx([-1.1])
    with pytest.raises(CallerError, match=r"found -10.0 at index 1: .* until_ruin"):
        simple_returns([100.0, -10.0, 20.0])
    with pytest.raises(CallerError, match="row 0, column 1"):
        simple_returns([[100.0, 0.0], [1.0, 1.0]])
    with pytest.raises(CallerError, match="index 1"):
        log_returns([100.0, 0.0])
    with pytest.raises(CallerError, match="at least 1 equity"):
        total_return([])
    assert until_ruin([100.0, 0.0, 20.0]).tolist() == [100.0, 0.0]
    assert until_ruin([100.0, 20.0]).tolist() == [100.0, 20.0]


def test_ruin_ends_a_compounded_curve() -> None:
    found = compounded_equity([0.5, -1.2, 3.0], 10.0)
    assert found.tolist() == pytest.approx([10.0, 15.0, -3.0, -3.0])
    table = compounded_equity([[0.5, 0.1], [-1.0, 0.1], [1.0, 0.1]])
    assert table[:, 0].tolist() == [1.0, 1.5, 0.0, 0.0]
    assert table[-1, 1] == pytest.approx(1.331)


@given(st.lists(st.floats(-0.5, 0.5), max_size=30), st.floats(0.01, 1e6))
def test_there_and_back(returns: list[float], start: float) -> None:
    found = simple_returns(compounded_equity(returns, start))
    assert found.tolist() == pytest.approx(returns, abs=1e-9)
