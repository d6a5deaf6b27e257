from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.relative_strength import RELATIVE_STRENGTH_SIZE, relative_strength

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def _twin(close: list[float], n: int) -> list[float]:
    changes = [b - a for a, b in pairwise(close)]
    gain = sum(max(x, 0.0) for x in changes[:n]) / n
    loss = sum(max(-x, 0.0) for x in changes[:n]) / n
    found = [np.nan] * n + [100.0 * gain / (gain + loss)]
    for x in changes[n:]:
        gain = (gain * (n - 1) + max(x, 0.0)) / n
        loss = (loss * (n - 1) + max(-x, 0.0)) / n
        found.append(100.0 * gain / (gain + loss))
    return found


@pytest.mark.parametrize("n", [2, 7, 14])
def test_it_is_wilders_definition(n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(relative_strength, RELATIVE_STRENGTH_SIZE, walk, n, 50.0)
    assert np.allclose(found, _twin(walk.tolist(), n), rtol=1e-12, equal_nan=True)
    parts = run_cell(relative_strength, RELATIVE_STRENGTH_SIZE, walk, n, 50.0, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_what_does_not_move_is_answered_as_asked(run_cell: CellRun) -> None:
    found = run_cell(relative_strength, RELATIVE_STRENGTH_SIZE, np.full(6, 2.0), 3, 12.5)
    assert found[3:].tolist() == [12.5] * 3
