from math import log, nan

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.step import Numbers, Step, sweep
from undertow.kernels.whole_sweep import STRETCH, WholeSweep, whole_sweep

Column = NDArray[np.float64]
COUNT = 2 * STRETCH + 7


def gain_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: two values. p: factor. s: their last sum. out: its logarithmic change, the first value."""
    total = p[0] * (x[0] + x[1])
    out[0] = log(total / s[0]) if s[0] != 0.0 else nan
    out[1] = x[0]
    s[0] = total


SWEEPS = [whole_sweep(gain_step, is_small=is_small) for is_small in (False, True)]
every = pytest.mark.parametrize("whole", SWEEPS, ids=["large", "small"])
FACTOR = np.array([0.5])


@pytest.fixture
def columns() -> tuple[Column, Column]:
    rng = np.random.default_rng(6)
    return 1.0 + rng.random(COUNT), 1.0 + rng.random(COUNT)


@every
@pytest.mark.parametrize("cut", [0, 1, STRETCH, STRETCH + 5])
def test_it_is_the_step_called_by_its_address(
    whole: WholeSweep, cut: int, columns: tuple[Column, Column]
) -> None:
    expected, found = np.empty((2, 2, COUNT))
    state, other = np.zeros((2, 1))
    sweep(Step(gain_step).compiled.address, columns, FACTOR, other, expected)
    for part in (slice(0, cut), slice(cut, COUNT)):
        given = columns[0][part], columns[1][part]
        assert whole(given, FACTOR, state, (found[0, part], found[1, part]))
    assert found.tobytes() == expected.tobytes()
    assert state == other


@every
@pytest.mark.parametrize("place", [0, STRETCH - 1, STRETCH, COUNT - 1])
@pytest.mark.parametrize("hole", [nan, np.inf])
def test_a_hole_is_found_wherever_it_is(
    whole: WholeSweep, place: int, hole: float, columns: tuple[Column, Column]
) -> None:
    columns[1][place] = hole
    assert not whole(columns, FACTOR, np.zeros(1), (np.empty(COUNT), np.empty(COUNT)))


@every
def test_no_bars_are_no_holes(whole: WholeSweep) -> None:
    none = np.empty(0)
    assert whole((none, none), FACTOR, np.zeros(1), (none, none))
