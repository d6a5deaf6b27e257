from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.sorted_window import (
    count_below,
    sorted_deviation,
    sorted_quantile,
    sorted_window,
    sorted_window_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 9, 30])
def test_the_window_stands_in_order(n: int, walk: Values) -> None:
    state = np.zeros(sorted_window_size(n))
    for i, x in enumerate(walk.tolist()):
        first = sorted_window(state, 0, x, n)
        if i < n - 1:
            assert first == -1
            continue
        window = walk[i - n + 1 : i + 1]
        assert np.array_equal(state[first : first + n], np.sort(window))
        assert count_below(state, first, n, x) == np.sum(window < x)
        assert sorted_quantile(state, first, n, 0.3) == pytest.approx(np.quantile(window, 0.3))
        assert sorted_quantile(state, first, n, 0.5) == np.median(window)
        assert sorted_quantile(state, first, n, 1.0) == window.max()
        spread = np.median(np.abs(window - np.median(window)))
        assert sorted_deviation(state, first, n, float(np.median(window))) == spread
        assert sorted_deviation(state, first, n, 40.0) == np.median(np.abs(window - 40.0))


def test_it_goes_on_from_its_state(walk: Values, run_cell: CellRun) -> None:
    whole = run_cell(sorted_window, sorted_window_size(7), walk, 7)
    parts = run_cell(sorted_window, sorted_window_size(7), walk, 7, cuts=(3, 7, 50))
    assert whole.tobytes() == parts.tobytes()
    assert set(whole[:6].tolist()) == {-1.0}
