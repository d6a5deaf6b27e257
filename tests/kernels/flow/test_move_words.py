"""Moving words equals slicing, whichever way the stretches overlap."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.move_words import move_words


@compiled
def move(values: NDArray[np.int64], to: int, start: int, count: int) -> None:
    move_words(values, to, start, count)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
@settings(deadline=None)
def test_moving_equals_slicing(to: int, start: int, count: int) -> None:
    values = np.arange(40)
    expected = values.copy()
    expected[to : to + count] = values[start : start + count].copy()
    move(values, to, start, count)
    assert values.tolist() == expected.tolist()
