"""Expected numbers: worked by hand; Wilson's interval of 5 of 10 from his formula."""

from math import isnan, sqrt

import pytest

from undertow.backtest.honesty.measured import Measured, added, of


def test_mean_and_error() -> None:
    found = of([1.0, 2.0, 3.0])
    assert found.mean == 2.0
    assert found.standard_error == pytest.approx(1.0 / sqrt(3.0))


def test_parts_add_up_to_the_whole() -> None:
    assert of([1.0, 0.0]) + of([1.0]) == of([1.0, 0.0, 1.0])
    parts = [{"b": of([1.0])}, {"a": of([2.0]), "b": of([0.0])}]
    assert added(parts) == {"b": of([1.0, 0.0]), "a": of([2.0])}
    assert list(added(parts)) == ["b", "a"]


def test_a_share_has_wilsons_interval() -> None:
    low, high = of([1.0] * 5 + [0.0] * 5).share_interval
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    low, high = of([0.0] * 100).share_interval
    assert low == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(0.0370, abs=1e-4)


def test_nothing_measured_is_not_defined() -> None:
    empty = Measured()
    assert isnan(empty.mean)
    assert isnan(empty.standard_error)
    assert isnan(of([1.0]).standard_error)
    assert all(isnan(edge) for edge in empty.share_interval)
