from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum, block_sum_size
from undertow.kernels.cells.weighted_sum import weighted_sum, weighted_sum_size
from undertow.kernels.columns.window_sums import (
    SHORT,
    are_numbers,
    begin_blocks,
    differences_averaged,
    silence,
    weighted_means,
    window_sums,
)

Values = NDArray[np.float64]
PAIRS = {
    "plain": (block_sum, block_sum_size, window_sums),
    "weighted": (weighted_sum, weighted_sum_size, weighted_means),
}


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("n", [1, 2, 7, 20, SHORT, 31])
@pytest.mark.parametrize("cuts", [(), (1,), (7, 7, 33), (20, 40, 41, 99)])
def test_it_is_the_cell_bit_for_bit(kind: str, n: int, cuts: tuple[int, ...]) -> None:
    cell: Any
    whole: Callable[..., bool]
    cell, size, whole = PAIRS[kind]
    x = np.random.default_rng(n).standard_normal(130) * 1e3
    state, other, out = np.zeros(size(n)), np.zeros(size(n)), np.empty(130)
    for start, stop in pairwise([0, *cuts, 130]):
        assert whole(x[start:stop], n, 3.0, state, out[start:stop])
    expected = np.array([cell(other, 0, value, n) for value in x]) / 3.0
    assert out.tobytes() == expected.tobytes()
    assert np.array_equal(state, other)


@pytest.mark.parametrize("whole", [window_sums, weighted_means])
@pytest.mark.parametrize("place", [0, 4, 5, 17, 21])
@pytest.mark.parametrize("hole", [np.nan, -np.inf])
def test_a_hole_is_found_wherever_it_is(
    whole: Callable[..., bool], place: int, hole: float
) -> None:
    x = np.ones(22)
    x[place] = hole
    assert not whole(x, 5, 1.0, np.zeros(weighted_sum_size(5)), np.empty(22))


def test_where_blocks_begin() -> None:
    assert begin_blocks(5, np.array([0.0, 0.0])) == 5
    assert begin_blocks(5, np.array([5.0, 0.0])) == 0
    assert begin_blocks(5, np.array([5.0, 3.0])) == 2
    assert are_numbers(np.array([np.nan, 1.0]), 1, 9)
    assert not are_numbers(np.array([np.nan, 1.0]), 0, 1)


@pytest.mark.parametrize("n", [1, 14])
def test_differences_are_averaged(n: int) -> None:
    x, y = np.random.default_rng(n).standard_normal((2, 1_300))
    state, other, out = np.zeros(n + 3), np.zeros(n + 3), np.empty(1_300)
    assert differences_averaged(x, y, n, float(n), state, out)
    expected = np.array([block_sum(other, 0, value, n) / n for value in x - y])
    assert out.tobytes() == expected.tobytes()
    y[700] = np.inf
    assert not differences_averaged(x, y, n, float(n), state, out)


def test_a_silence_is_handed_on() -> None:
    out = np.zeros(4)
    assert silence(np.array([np.nan, np.nan, 1.0, np.nan]), out) == 2
    assert np.isnan(out).tolist() == [True, True, False, False]
    assert silence(np.array([1.0]), out) == 0
