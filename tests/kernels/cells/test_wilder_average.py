from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.wilder_average import (
    WILDER_AVERAGE_SIZE,
    wilder_average,
    wilder_weights,
)

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 14])
def test_it_is_wilders_definition(n: int, walk: Values, run_cell: CellRun) -> None:
    expected = [np.nan] * (n - 1) + [float(walk[:n].mean())]
    for x in walk[n:].tolist():
        expected.append((expected[-1] * (n - 1) + x) / n)
    found = run_cell(wilder_average, WILDER_AVERAGE_SIZE, walk, n)
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
    parts = run_cell(wilder_average, WILDER_AVERAGE_SIZE, walk, n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("n", [1, 2, 4, 14, 200])
@pytest.mark.parametrize("value", [0.1, 101.25, 1.0 + 2.0**-52, 2.0 - 2.0**-52, 7e9 / 3.0])
def test_a_constant_once_reached_is_kept_to_the_bit(
    n: int, value: float, run_cell: CellRun
) -> None:
    found = run_cell(wilder_average, WILDER_AVERAGE_SIZE, np.full(5000, value), n)
    assert np.allclose(found[n - 1 :], value, rtol=1e-14)  # the seed is a mean: its sum is rounded
    assert np.all(np.diff((found == value).astype(int)) >= 0)


@pytest.mark.parametrize("n", range(1, 60))
def test_the_weights_add_up_to_one(n: int) -> None:
    keep, old, new = wilder_weights(n)
    assert Fraction(keep) + Fraction(old) + Fraction(new) == 1
    assert np.allclose((keep, old, new), ((1 - 1 / n) ** 2, (1 - 1 / n) / n, 1 / n), rtol=1e-14)
