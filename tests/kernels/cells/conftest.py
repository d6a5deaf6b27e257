"""Runs a cell over values, from any state, between guards that show a write past its stretch."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Answers = NDArray[np.float64]
CellRun = Callable[..., Answers]
GUARD = 3


def _run_cell(
    cell: Any,
    size: int,
    rows: Sequence[Any],
    *settings: Any,
    cuts: Sequence[int] = (),
) -> Answers:
    # `rows`: one value or one tuple per update. At each cut the state goes on in another array.
    state = np.zeros(size + 2 * GUARD)
    state[:GUARD] = state[-GUARD:] = 7.5
    found = []
    for start, stop in pairwise([0, *sorted(cuts), len(rows)]):
        state = state.copy()
        for row in rows[start:stop]:
            values = row if isinstance(row, tuple) else (float(row),)
            found.append(cell(state, GUARD, *values, *settings))
    assert np.all(state[:GUARD] == 7.5)
    assert np.all(state[-GUARD:] == 7.5)
    return np.array(found, np.float64)


@pytest.fixture
def run_cell() -> CellRun:
    """`run_cell(cell, size, rows, *settings, cuts=())`: what the cell answers, one per row."""
    return _run_cell


@pytest.fixture
def walk() -> NDArray[np.float64]:
    """A random walk of 200 values in steps of a quarter, so that values repeat."""
    steps = np.random.default_rng(3).integers(-3, 4, 200) / 4.0
    return np.asarray(50.0 + np.cumsum(steps))
