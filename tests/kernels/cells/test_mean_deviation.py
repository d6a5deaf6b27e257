from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.mean_deviation import mean_deviation, mean_deviation_size

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 20])
def test_it_is_the_mean_distance_from_the_mean(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(mean_deviation, mean_deviation_size(n), walk, n)
    windows = np.lib.stride_tricks.sliding_window_view(walk, n)
    means = windows.mean(1)
    assert np.all(np.isnan(found[: n - 1]))
    assert np.allclose(found[n - 1 :, 0], walk[n - 1 :] - means, rtol=1e-12, atol=1e-12)
    expected = np.abs(windows - means[:, None]).mean(1)
    assert np.allclose(found[n - 1 :, 1], expected, rtol=1e-12)
    parts = run_cell(mean_deviation, mean_deviation_size(n), walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_a_repeated_value_deviates_by_nothing(run_cell: CellRun) -> None:
    found = run_cell(mean_deviation, mean_deviation_size(3), np.full(9, 0.1), 3)
    assert found[2:].tolist() == [[0.0, 0.0]] * 7
