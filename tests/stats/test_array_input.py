"""Outcomes stated by hand."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_share, checked_table, whole_numbers


def test_lists_become_arrays() -> None:
    assert checked_table([[1, 2], [3, 4]], "returns").dtype == np.float64
    assert whole_numbers([1, 2], "places").dtype == np.int64
    assert whole_numbers([], "places").size == 0


@pytest.mark.parametrize("bad", [[], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]])
def test_the_wrong_shape_is_named(bad: list[float]) -> None:
    with pytest.raises(CallerError, match=r"at least 3 rows \(time\) and 2 columns, found shape"):
        checked_table(bad, "returns", rows=3, columns=2)


def test_the_place_of_a_hole_is_named() -> None:
    with pytest.raises(CallerError, match="found inf at row 1, column 0"):
        checked_table([[1.0, 2.0], [np.inf, 2.0]], "returns")


def test_floats_are_no_places() -> None:
    with pytest.raises(CallerError, match="whole numbers, found float64"):
        whole_numbers([1.5], "places")


@pytest.mark.parametrize("bad", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_is_strictly_inside(bad: float) -> None:
    assert checked_share(0.5, "a level") == 0.5
    with pytest.raises(CallerError, match="a level between 0 and 1"):
        checked_share(bad, "a level")
