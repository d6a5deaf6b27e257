from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.cells.directional_movement import (
    DIRECTIONAL_SIZE,
    directional_movement,
    imbalance_of,
    share_of,
)

Bars = NDArray[np.float64]


@pytest.fixture
def rows() -> Bars:
    """60 bars of high, low and close on a grid of quarters."""
    rng = np.random.default_rng(8)
    low = 50.0 + np.cumsum(rng.integers(-3, 4, 60)) / 4.0
    span = rng.integers(0, 8, 60) / 4.0
    return np.column_stack([low + span, low, low + np.floor(span * 2.0) / 4.0])


def _sums(rows: Bars, n: int) -> list[tuple[float, float, float]]:
    found = []
    sums = [0.0, 0.0, 0.0]
    for i in range(1, len(rows)):
        (top, bottom, _), (high, low, close) = rows[i], rows[i - 1]
        up, down = top - high, low - bottom
        move = (max(up, 0.0) * (up > down), max(down, 0.0) * (down > up))
        span = max(top - bottom, abs(top - close), abs(bottom - close))
        keep = 1.0 if i < n else 1.0 - 1.0 / n
        sums = [s * keep + x for s, x in zip(sums, (*move, span), strict=True)]
        found.append((sums[0], sums[1], sums[2]))
    return found


@pytest.mark.parametrize("n", [1, 2, 14])
def test_the_sums_are_wilders(n: int, rows: Bars) -> None:
    state = np.zeros(DIRECTIONAL_SIZE + 1)
    state[-1] = 7.5
    expected: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0), *_sums(rows, n)]
    step: Callable[..., float] = directional_movement
    for i, row in enumerate(rows):
        state = state.copy()
        assert step(state, 0, row, n) == min(i, n)
        assert np.allclose((state[3], state[4], state[6]), expected[i], rtol=1e-12, atol=1e-12)
    assert state[-1] == 7.5


def test_shares_and_imbalance() -> None:
    assert share_of(1.0, 4.0) == 25.0
    assert share_of(1.0, 0.0) == 0.0
    assert imbalance_of(30.0, 10.0) == 50.0
    assert imbalance_of(0.0, 0.0) == -1.0
