from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.average import AVERAGE_SIZE, average, kept

CellRun = Callable[..., NDArray[np.float64]]
Values = NDArray[np.float64]


@pytest.mark.parametrize("n", [1, 2, 14])
def test_it_starts_with_the_mean(n: int, walk: Values, run_cell: CellRun) -> None:
    value = float(np.mean(walk[:n]))
    expected = [np.nan] * (n - 1) + [value]
    for x in walk[n:].tolist():
        value = (value * (n - 1) + x) / n
        expected.append(value)
    found = run_cell(average, AVERAGE_SIZE, walk, float(n), 1.0 / n)
    assert np.allclose(found, expected, rtol=1e-13, equal_nan=True)
    parts = run_cell(average, AVERAGE_SIZE, walk, float(n), 1.0 / n, cuts=(1, n, 61))
    assert parts.tobytes() == found.tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 14, 200])
@pytest.mark.parametrize("value", [0.1, 101.25, 1.0 + 2.0**-52, 2.0 - 2.0**-52, 7e9 / 3.0])
def test_a_constant_once_reached_is_kept_to_the_bit(
    n: int, value: float, run_cell: CellRun
) -> None:
    found = run_cell(average, AVERAGE_SIZE, np.full(5000, value), float(n), 2.0 / (n + 1.0))
    assert np.allclose(found[n - 1 :], value, rtol=1e-14)  # the seed is a mean: its sum is rounded
    assert np.all(np.diff((found == value).astype(int)) >= 0)


def test_what_is_kept_and_what_is_taken_are_one() -> None:
    for n in range(1, 300):
        keep = kept(2.0 / (n + 1.0))
        assert Fraction(keep) + Fraction(1.0 - keep) == 1
