"""Shapes and refusals; expected values by hand."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.columns import (
    checked_columns,
    checked_pair,
    checked_series,
    deviations_of,
    quotient,
)


def test_one_series_is_answered_with_a_float() -> None:
    found = checked_columns([1, 2, 3], "returns")
    assert found.array.shape == (3, 1)
    assert found.measure(found.array.sum(axis=0)) == 6.0
    assert found.shaped(found.array).tolist() == [1.0, 2.0, 3.0]


def test_many_columns_are_answered_with_an_array() -> None:
    found = checked_columns([[1, 2], [3, 4]], "returns")
    assert found.measure(found.array.sum(axis=0)).tolist() == [4.0, 6.0]
    assert found.shaped(found.array).shape == (2, 2)
    assert checked_columns(np.zeros((0, 4)), "returns").array.shape == (0, 4)


def test_what_is_not_finite_is_refused_with_its_place() -> None:
    with pytest.raises(CallerError, match=r"finite returns, found nan at index 1"):
        checked_columns([1.0, np.nan], "returns")
    with pytest.raises(CallerError, match=r"found -inf at row 1, column 0"):
        checked_columns([[1.0, 2.0], [-np.inf, 2.0]], "equity")


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(CallerError, match=r"shape \(n,\) or \(n, k\), found \(1, 1, 1\)"):
        checked_columns([[[1.0]]], "returns")
    with pytest.raises(CallerError, match="at least 2 returns, found 1"):
        checked_columns([1.0], "returns", least=2)
    with pytest.raises(CallerError, match=r"shape \(n,\), found \(1, 2\)"):
        checked_series([[1.0, 2.0]], "returns")
    with pytest.raises(CallerError, match="benchmark to match returns"):
        checked_pair([1.0, 2.0], [1.0], "returns", "benchmark")
    with pytest.raises(CallerError, match="benchmark to match returns"):
        checked_pair([1.0, 2.0], np.ones((2, 2)), "returns", "benchmark")


def test_one_benchmark_serves_many_columns() -> None:
    one, two = checked_pair(np.ones((3, 2)), [1.0, 2.0, 3.0], "returns", "benchmark")
    assert (one.array * two.array).shape == (3, 2)


def test_nothing_is_divided_by_nothing() -> None:
    found = quotient(np.array([1.0, -1.0, 2.0]), np.array([0.0, 0.0, 4.0]))
    assert np.isnan(found).tolist() == [True, True, False]
    assert found[2] == 0.5


def test_a_constant_column_has_no_deviation() -> None:
    # np.std of three 0.1 is 1.4e-17, not 0.
    array = np.column_stack([np.full(3, 0.1), np.arange(3.0)])
    assert np.std(array[:, 0]) > 0.0
    assert deviations_of(array).tolist() == [0.0, 1.0]
    assert np.isnan(deviations_of(array[:1])).all()
