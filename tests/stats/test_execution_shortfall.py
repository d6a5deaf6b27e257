"""Expected: worked by hand, and paper return less actual return from the cash itself."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import implementation_shortfall


def test_a_purchase_by_hand() -> None:
    # 1,000 wanted at 10.00; arrives at 10.05; 600 at 10.10 and 200 at 10.20; ends at 10.50.
    found = implementation_shortfall(
        1, 1_000, (10.0, 10.05, 10.5), ([10.1, 10.2], [600, 200]), fees=8.0
    )
    assert found.delay == pytest.approx(800 * 0.05)
    assert found.execution == pytest.approx(600 * 0.05 + 200 * 0.15)
    assert found.opportunity == pytest.approx(200 * 0.5)
    assert found.total == pytest.approx(40 + 60 + 100 + 8)
    assert found.bps == pytest.approx(208 / 10_000 * 1e4)
    assert found.filled == 800.0
    assert found.average_price == pytest.approx(10.125)


def test_a_sale_flips_the_sign() -> None:
    found = implementation_shortfall(-1, 100, (10.0, 9.9, 9.0), ([9.8], [50]))
    assert found[:2] == pytest.approx((5.0, 5.0))
    assert found.opportunity == pytest.approx(50.0)


def test_nothing_filled_is_all_opportunity() -> None:
    found = implementation_shortfall(1, 10, (10.0, 11.0, 12.0), ([], []))
    assert (found.delay, found.execution, found.opportunity) == (0.0, 0.0, 20.0)
    assert isnan(found.average_price)


prices = st.floats(1.0, 100.0)


@given(st.sampled_from([1, -1]), st.tuples(prices, prices, prices), st.lists(prices, max_size=5))
def test_the_parts_are_paper_less_actual(
    side: int, at: tuple[float, float, float], paid: list[float]
) -> None:
    decision, _, end = at
    found = implementation_shortfall(side, 5.0, at, (paid, [1.0] * len(paid)), fees=0.5)
    paper = side * 5.0 * (end - decision)
    actual = side * sum(end - price for price in paid) - 0.5
    assert found.total == pytest.approx(paper - actual, abs=1e-9)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="side 1 or -1"):
        implementation_shortfall(0, 1, (1, 1, 1), ([], []))
    with pytest.raises(CallerError, match="filled <= qty, found 1, 2"):
        implementation_shortfall(1, 1, (1, 1, 1), ([1.0], [2.0]))
    with pytest.raises(CallerError, match="fill quantities not below 0"):
        implementation_shortfall(1, 1, (1, 1, 1), ([1.0], [-1.0]))
