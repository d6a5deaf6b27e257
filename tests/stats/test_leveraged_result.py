"""Expected: by hand, and the money of both fills."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import leveraged_return


def test_by_hand() -> None:
    # 2 % up, 10x, 0.05 %: 0.2 - 0.005 * 2.02.
    assert leveraged_return([0.02], 10, 0.0005).tolist() == pytest.approx([0.1899])
    assert leveraged_return([0.0], 10, 0.0005).tolist() == pytest.approx([-0.01])


def test_a_win_can_become_a_loss() -> None:
    assert leveraged_return([0.0008], 5, 0.0005)[0] < 0.0


@given(st.floats(-0.5, 0.5), st.floats(1, 50), st.floats(0, 0.002), st.booleans())
def test_is_what_both_fills_cost(move: float, leverage: float, fee: float, is_short: bool) -> None:
    margin, price = 1_000.0, 100.0
    qty = margin * leverage / price
    out = price * (1.0 - move if is_short else 1.0 + move)
    gross = (price - out if is_short else out - price) * qty
    expected = (gross - fee * qty * price - fee * qty * out) / margin
    found = leveraged_return([move], leverage, fee, is_short=is_short)
    assert found.tolist() == pytest.approx([expected], abs=1e-9)


def test_bad_leverage_is_refused() -> None:
    with pytest.raises(CallerError, match="leverage above 0"):
        leveraged_return([0.1], 0, 0.001)
