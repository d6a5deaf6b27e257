from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE, true_range

CellRun = Callable[..., NDArray[np.float64]]


def test_gaps_count(run_cell: CellRun) -> None:
    bars = [(5.0, 4.0, 4.5), (6.0, 5.0, 5.5), (4.0, 3.5, 3.5), (4.0, 3.0, 3.0)]
    found = run_cell(true_range, TRUE_RANGE_SIZE, bars)
    assert np.isnan(found[0])
    assert found[1:].tolist() == [1.5, 2.0, 1.0]


def test_it_equals_its_definition_however_it_is_split(run_cell: CellRun) -> None:
    rng = np.random.default_rng(4)
    low = rng.random(50)
    high = low + rng.random(50)
    close = (low + high) / 2.0
    before = close[:-1]
    expected = np.maximum(high[1:], before) - np.minimum(low[1:], before)
    bars = list(zip(high, low, close, strict=True))
    found = run_cell(true_range, TRUE_RANGE_SIZE, bars)
    assert np.allclose(found[1:], expected, rtol=1e-14)
    assert run_cell(true_range, TRUE_RANGE_SIZE, bars, cuts=(1, 20)).tobytes() == found.tobytes()
