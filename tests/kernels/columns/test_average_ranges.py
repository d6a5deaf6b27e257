from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE, average_range
from undertow.kernels.columns.average_ranges import BARS, average_ranges

Values = NDArray[np.float64]
COUNT = 5 * BARS + 9


def bars() -> Values:
    """High, low and close that jump about."""
    rng = np.random.default_rng(6)
    low = rng.standard_normal(COUNT)
    return np.stack([low + rng.random(COUNT), low, low + 0.5 * rng.random(COUNT)])


def three(columns: Values) -> tuple[Values, Values, Values]:
    """The rows of an array."""
    return columns[0], columns[1], columns[2]


@pytest.mark.parametrize("n", [1, 2, 14, BARS + 3])
@pytest.mark.parametrize("cuts", [(), (1,), (3 * BARS, 4 * BARS)])
def test_it_is_the_cell_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    columns = bars()
    state, other = np.zeros((2, AVERAGE_RANGE_SIZE))
    found = np.empty(COUNT)
    for start, stop in pairwise([0, *cuts, COUNT]):
        assert average_ranges(*three(columns[:, start:stop]), n, state, found[start:stop])
    expected = np.array(
        [average_range(other, 0, bar, n) for bar in np.ascontiguousarray(columns.T)]
    )
    assert found.tobytes() == expected.tobytes()
    assert np.array_equal(state, other)


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 5, 3 * BARS, 4 * BARS + 1, COUNT - 1])
@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_hole_is_found_wherever_it_is(column: int, place: int, hole: float) -> None:
    columns = bars()
    columns[column, place] = hole
    assert not average_ranges(*three(columns), 5, np.zeros(AVERAGE_RANGE_SIZE), np.empty(COUNT))
