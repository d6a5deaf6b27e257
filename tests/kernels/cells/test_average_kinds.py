from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.average_kinds import (
    EXPONENTIAL,
    KINDS,
    SIMPLE,
    WEIGHTED,
    WILDER,
    average_of_kind,
    average_of_kind_size,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


def _recursive(x: Values, n: int, share: float) -> list[float]:
    found = [np.nan] * (n - 1) + [float(x[:n].mean())]
    for value in x[n:].tolist():
        found.append(found[-1] + share * (value - found[-1]))
    return found


def _weighted(x: Values, weights: Values) -> list[float]:
    windows = np.lib.stride_tricks.sliding_window_view(x, len(weights))
    means: list[float] = (windows @ weights / weights.sum()).tolist()
    return [np.nan] * (len(weights) - 1) + means


TWINS: dict[int, Callable[[Values, int], list[float]]] = {
    SIMPLE: lambda x, n: _weighted(x, np.ones(n)),
    EXPONENTIAL: lambda x, n: _recursive(x, n, 2.0 / (n + 1)),
    WEIGHTED: lambda x, n: _weighted(x, np.arange(1.0, n + 1)),
    WILDER: lambda x, n: _recursive(x, n, 1.0 / n),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 20])
def test_each_kind_is_its_definition(kind: int, n: int, walk: Values, run_cell: CellRun) -> None:
    found = run_cell(average_of_kind, average_of_kind_size(n), walk, n, kind)
    assert np.allclose(found, TWINS[kind](walk, n), rtol=1e-13, equal_nan=True)
    parts = run_cell(average_of_kind, average_of_kind_size(n), walk, n, kind, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


def test_an_unknown_kind_has_no_average(walk: Values, run_cell: CellRun) -> None:
    assert np.all(np.isnan(run_cell(average_of_kind, average_of_kind_size(3), walk, 3, 7)))
