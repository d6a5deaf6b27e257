"""A borrowed array is the same memory."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.borrowed import borrowed
from undertow.kernels.compiled import compiled, inlined


@inlined
def add_one(values: NDArray[np.int64], k: int) -> None:
    values[k] += 1


@compiled
def through_a_view(values: NDArray[np.int64]) -> int:
    view = borrowed(values)
    for k in range(len(view)):
        add_one(view, k)
    return int(view.sum())


def test_writing_to_it_writes_to_the_owner() -> None:
    values = np.arange(4)
    for _ in range(3):
        last = through_a_view(values)
    np.testing.assert_array_equal(values, [3, 4, 5, 6])
    assert last == 18
