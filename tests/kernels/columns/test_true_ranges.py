from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE, true_range
from undertow.kernels.columns.true_ranges import true_ranges

Values = NDArray[np.float64]
BARS = 50


def bars() -> Values:
    """High, low and close that jump about."""
    rng = np.random.default_rng(5)
    low = rng.standard_normal(BARS)
    return np.stack([low + rng.random(BARS), low, low + 0.5 * rng.random(BARS)])


def three(columns: Values) -> tuple[Values, Values, Values]:
    """The rows of an array."""
    return columns[0], columns[1], columns[2]


@pytest.mark.parametrize("cuts", [(), (0, 1, 2), (20, 21)])
def test_it_is_the_cell_bit_for_bit(cuts: tuple[int, ...]) -> None:
    columns = bars()
    state, other = np.zeros((2, TRUE_RANGE_SIZE))
    found = np.empty(BARS)
    for start, stop in pairwise([0, *cuts, BARS]):
        assert true_ranges(*three(columns[:, start:stop]), state, found[start:stop])
    expected = np.array([true_range(other, 0, *bar) for bar in columns.T])
    assert found.tobytes() == expected.tobytes()
    assert np.array_equal(state, other)


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 1, 30, BARS - 1])
@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_hole_is_found_wherever_it_is(column: int, place: int, hole: float) -> None:
    columns = bars()
    columns[column, place] = hole
    assert not true_ranges(*three(columns), np.zeros(TRUE_RANGE_SIZE), np.empty(BARS))
