from itertools import pairwise

import numpy as np
import pytest

from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.average_kinds import exponential
from undertow.kernels.columns.exponentials import exponentials


@pytest.mark.parametrize("n", [1, 2, 14])
@pytest.mark.parametrize("cuts", [(), (0, 1, 64)])
def test_it_is_the_cell_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    x = 1e3 * np.random.default_rng(n).standard_normal(120)
    state, other = np.zeros((2, AVERAGE_SIZE))
    expected = np.array([exponential(other, 0, value, n) for value in x])
    for value in x[:n]:
        exponential(state, 0, value, n)
    found = np.empty(120 - n)
    for start, stop in pairwise([0, *cuts, len(found)]):
        exponentials(x[n:][start:stop], n, state, found[start:stop])
    assert found.tobytes() == expected[n:].tobytes()
    assert np.array_equal(state, other)
