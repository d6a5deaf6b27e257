from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.window_variance import window_variance, window_variance_size
from undertow.kernels.columns.window_variances import plain_blocks, window_variances


def _jumpy(count: int) -> NDArray[np.float64]:
    # Levels far apart, flat stretches and an outlier: blocks that plain sums cannot do.
    rng = np.random.default_rng(33)
    level = np.repeat(rng.choice([1.0, 100.0, 1e7], count // 25 + 1), 25)[:count]
    x = level + np.where(rng.random(count) < 0.5, rng.standard_normal(count), 0.0)
    x[40:90] = 5.0
    x[count // 2] = 1e12
    return np.asarray(x)


@pytest.mark.parametrize("n", [1, 2, 7, 20])
@pytest.mark.parametrize("cuts", [(), (1,), (7, 7, 33), (20, 40, 41, 199)])
def test_it_is_the_cell_bit_for_bit(n: int, cuts: tuple[int, ...]) -> None:
    x = _jumpy(300)
    size = window_variance_size(n)
    state, other, out = np.zeros(size), np.zeros(size), np.empty((2, 300))
    for start, stop in pairwise([0, *cuts, 300]):
        assert window_variances(x[start:stop], n, state, out[0, start:stop], out[1, start:stop])
    expected = np.array([window_variance(other, 0, value, n) for value in x]).T
    assert out.tobytes() == np.ascontiguousarray(expected).tobytes()
    assert np.array_equal(state, other)


def test_blocks_stop_where_digits_would_be_lost() -> None:
    x = np.concatenate([np.arange(1.0, 31.0), 1e9 + np.arange(30.0)])
    state, out = np.zeros(window_variance_size(10)), np.empty((2, 60))
    assert window_variances(x[:10], 10, state, out[0, :10], out[1, :10])
    assert plain_blocks(x[10:], 10, state, out[0, 10:], out[1, 10:]) == 20


@pytest.mark.parametrize("place", [0, 4, 5, 17, 21])
@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_a_hole_is_found_wherever_it_is(place: int, hole: float) -> None:
    x = np.ones(22)
    x[place] = hole
    out = np.empty((2, 22))
    assert not window_variances(x, 5, np.zeros(window_variance_size(5)), out[0], out[1])
