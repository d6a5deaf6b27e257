"""Any splitting of a column gives the same bits, state carried from part to part."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.kernels.rolling.swing_trend import SWING_START, swing_trend
from undertow.kernels.rolling.trend_structure import TREND_START, trend_structure

# kernel, columns, settings, start, shape of the slots, rows of out
KERNELS: dict[str, tuple[Callable[..., Any], int, tuple[float, ...], Any, Any, int]] = {
    "trend_structure": (trend_structure, 2, (3,), TREND_START, None, 1),
    "swing_trend": (swing_trend, 2, (2,), SWING_START, (2, 5), 1),
}
ROWS = 40


def _run(name: str, cuts: list[int]) -> NDArray[np.float64]:
    kernel, count, fixed, state, shape, outputs = KERNELS[name]
    columns = 100.0 + np.random.default_rng(7).random((count, ROWS))
    out = np.empty((outputs, ROWS))
    slots = () if shape is None else (np.zeros(shape),)
    edges = [0, *sorted(cuts), ROWS]
    for start, stop in pairwise(edges):
        parts = [np.ascontiguousarray(column[start:stop]) for column in columns]
        piece = np.empty((outputs, stop - start))
        state = kernel(*parts, *fixed, state, *slots, piece)
        out[:, start:stop] = piece
    return out


@pytest.mark.parametrize("name", sorted(KERNELS))
@settings(deadline=None, max_examples=12, derandomize=True)
@given(cuts=st.lists(st.integers(0, ROWS), max_size=5))
def test_any_splitting_gives_the_same_bits(name: str, cuts: list[int]) -> None:
    assert _run(name, cuts).tobytes() == _run(name, []).tobytes()
