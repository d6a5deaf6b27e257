from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.change import CHANGE_SIZE, change_since_last, move_since_last

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def test_it_is_the_difference_from_the_value_before(walk: Values, run_cell: CellRun) -> None:
    found = run_cell(change_since_last, CHANGE_SIZE, walk)
    assert np.isnan(found[0])
    assert np.array_equal(found[1:], np.diff(walk))
    parts = run_cell(change_since_last, CHANGE_SIZE, walk, cuts=(1, 5))
    assert parts.tobytes() == found.tobytes()


def test_rounding_is_no_move(run_cell: CellRun) -> None:
    same = (2070.57 + 2065.01 + 2067.31) / 3.0
    x = np.array([same, np.nextafter(same, 3e3), same + 0.01])
    assert run_cell(change_since_last, CHANGE_SIZE, x)[1] > 0.0
    assert run_cell(move_since_last, CHANGE_SIZE, x)[1:].tolist() == [0.0, x[2] - x[1]]
