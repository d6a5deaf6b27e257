from itertools import pairwise

import numpy as np
import pytest

from undertow.kernels.cells.window_extreme import window_extreme_size, window_max, window_min
from undertow.kernels.columns.window_extremes import window_extremes


@pytest.mark.parametrize("n", [1, 2, 7, 20])
@pytest.mark.parametrize("cuts", [(), (1,), (7, 7, 33), (20, 40, 41, 99)])
def test_it_is_the_cell_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    x = np.round(np.random.default_rng(n).standard_normal(130) * 3.0)
    for side, cell in ((1.0, window_max), (-1.0, window_min)):
        size = window_extreme_size(n)
        state, other, out = np.zeros(size), np.zeros(size), np.empty(130)
        for start, stop in pairwise([0, *cuts, 130]):
            assert window_extremes(x[start:stop], n, side, state, out[start:stop])
        expected = np.array([cell(other, 0, value, n) for value in x])
        assert out.tobytes() == expected.tobytes()


@pytest.mark.parametrize("place", [0, 4, 5, 17, 21])
@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_a_hole_is_found_wherever_it_is(place: int, hole: float) -> None:
    x = np.ones(22)
    x[place] = hole
    for side in (1.0, -1.0):
        assert not window_extremes(x, 5, side, np.zeros(8), np.empty(22))
