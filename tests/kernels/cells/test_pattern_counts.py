from collections import Counter
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.pattern_counts import (
    order_of,
    pattern_entropy,
    pattern_entropy_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def test_each_order_has_its_number() -> None:
    assert {order_of(*one) for one in permutations((1.0, 2.0, 3.0))} == set(range(6))
    assert order_of(2.0, 2.0, 2.0) == order_of(1.0, 2.0, 3.0)


@pytest.mark.parametrize("n", [1, 2, 24])
def test_it_is_the_entropy_of_the_orders(n: int, walk: Values, run_cell: CellRun) -> None:
    counts = np.arange(1, n + 1) / n
    parts = np.concatenate([[np.nan, 0.0], -counts * np.log(counts) / np.log(6.0)])
    found = run_cell(pattern_entropy, pattern_entropy_size(n), walk, n, parts)
    ranks = [tuple(np.argsort(walk[i : i + 3], kind="stable")) for i in range(len(walk) - 2)]
    assert np.all(np.isnan(found[: n + 1]))
    for i in range(n, len(ranks) + 1):
        shares = np.array(list(Counter(ranks[i - n : i]).values())) / n
        expected = -np.sum(shares * np.log(shares)) / np.log(6.0)
        assert found[i + 1] == pytest.approx(expected, abs=1e-14)
    parts = run_cell(pattern_entropy, pattern_entropy_size(n), walk, n, parts, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()
