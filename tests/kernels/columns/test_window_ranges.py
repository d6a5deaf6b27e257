from itertools import pairwise

import numpy as np
import pytest

from undertow.kernels.cells.window_extreme import window_extreme_size, window_max, window_min
from undertow.kernels.columns.window_ranges import window_ranges


@pytest.mark.parametrize("n", [1, 5, 14])
@pytest.mark.parametrize("cuts", [(), (3, 14, 40)])
def test_it_is_both_cells_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    high, low = np.random.default_rng(n).standard_normal((2, 90))
    size = window_extreme_size(n)
    state, other = np.zeros((2, 2 * size))
    top, bottom = np.empty((2, 90))
    for start, stop in pairwise([0, *cuts, 90]):
        part = slice(start, stop)
        assert window_ranges(high[part], low[part], n, state, top[part], bottom[part]) == 0
    assert top.tobytes() == np.array([window_max(other, 0, x, n) for x in high]).tobytes()
    assert bottom.tobytes() == np.array([window_min(other, size, x, n) for x in low]).tobytes()


def test_holes_are_counted() -> None:
    high, low, top, bottom = np.ones((4, 20))
    high[3] = low[19] = low[2] = np.nan
    assert window_ranges(high, low, 5, np.zeros(16), top, bottom) == 3
