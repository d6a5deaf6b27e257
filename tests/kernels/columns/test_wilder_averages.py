from itertools import pairwise

import numpy as np
import pytest

from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE, wilder_average
from undertow.kernels.columns.wilder_averages import wilder_averages


@pytest.mark.parametrize("n", [1, 2, 14])
@pytest.mark.parametrize("cuts", [(), (0, 1), (30, 31, 64)])
def test_it_is_the_cell_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    x = 1e3 * np.random.default_rng(n).standard_normal(120)
    state, other = np.zeros((2, WILDER_AVERAGE_SIZE))
    expected = np.array([wilder_average(other, 0, value, n) for value in x])
    for value in x[: n + 1]:
        wilder_average(state, 0, value, n)
    found = x[n + 1 :].copy()
    for start, stop in pairwise([0, *cuts, len(found)]):
        wilder_averages(found[start:stop], n, state, found[start:stop])  # into itself
    assert found.tobytes() == expected[n + 1 :].tobytes()
    assert np.array_equal(state, other)
