from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.compiled import cell
from undertow.kernels.step import QUICK_WORTH, WORTH, Columns, Numbers, Step, pointer, sweep

Column = NDArray[np.float64]


def total_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: two values. p: factor. s: sum. out: sum, difference."""
    s[0] += p[0] * (x[0] + x[1])
    out[0] = s[0]
    out[1] = x[0] - x[1]


@cell
def quick_total(columns: Columns, p: Column, s: Column, out: Any) -> bool:
    """As `total_step`; refuses what ends in no number."""
    for i in range(out.shape[1]):
        s[0] += p[0] * (columns[0][i] + columns[1][i])
        out[0, i] = s[0]
        out[1, i] = columns[0][i] - columns[1][i]
    return bool(s[0] - s[0] == 0.0)


FACTOR = np.array([0.5])


@pytest.fixture
def columns() -> tuple[Column, Column]:
    rng = np.random.default_rng(6)
    return rng.random(40), rng.random(40)


def test_a_sweep_calls_the_step_for_every_bar(columns: tuple[Column, Column]) -> None:
    state, out = np.zeros(1), np.empty((2, 40))
    sweep(Step(total_step).compiled.address, columns, FACTOR, state, out)
    assert np.allclose(out[0], np.cumsum(columns[0] + columns[1]) / 2.0)
    assert np.array_equal(out[1], columns[0] - columns[1])
    assert state[0] == out[0, -1]


def test_one_call_from_python_is_one_bar_of_the_sweep(columns: tuple[Column, Column]) -> None:
    step = Step(total_step)
    out = np.empty((2, 40))
    step.run(columns, FACTOR, np.zeros(1), out)
    x, state, answer = np.empty(2), np.zeros(1), np.empty(2)
    for i in range(40):
        x[:] = columns[0][i], columns[1][i]
        step.compiled.ctypes(*map(pointer, (x, FACTOR, state, answer)))
        assert answer.tobytes() == out[:, i].tobytes()


def test_any_splitting_gives_the_same_bits(columns: tuple[Column, Column]) -> None:
    step = Step(total_step)
    whole, parts, state = np.empty((2, 40)), np.empty((2, 40)), np.zeros(1)
    step.run(columns, FACTOR, np.zeros(1), whole)
    for start, stop in ((0, 1), (1, 1), (1, 17), (17, 40)):
        piece = np.empty((2, stop - start))
        step.run(tuple(column[start:stop] for column in columns), FACTOR, state, piece)
        parts[:, start:stop] = piece
    assert parts.tobytes() == whole.tobytes()


def test_a_quick_form_is_used_when_it_is_worth_compiling(columns: tuple[Column, Column]) -> None:
    step = Step(total_step, quick_total)
    out = np.empty((2, QUICK_WORTH))
    assert not step.try_quick(columns, FACTOR, np.zeros(1), out[:, :40])
    long = tuple(np.resize(column, QUICK_WORTH) for column in columns)
    assert step.try_quick(long, FACTOR, np.zeros(1), out)
    assert step.try_quick(columns, FACTOR, np.zeros(1), out[:, :40])
    assert not Step(total_step).try_quick(long, FACTOR, np.zeros(1), out)


def test_a_quick_sweep_that_refuses_leaves_the_step_to_do_it(
    columns: tuple[Column, Column],
) -> None:
    quick, slow = Step(total_step, quick_total), Step(total_step)
    long = tuple(np.resize(column, QUICK_WORTH) for column in columns)
    long[0][7] = np.inf
    state = np.ones(1)
    found, expected = np.empty((2, 2, QUICK_WORTH))
    assert not quick.try_quick(long, FACTOR, state, found)
    assert state[0] == 1.0
    quick.run(long, FACTOR, np.ones(1), found)
    slow.run(long, FACTOR, np.ones(1), expected)
    assert found.tobytes() == expected.tobytes()


def test_only_steps_of_the_library_are_swept_whole(columns: tuple[Column, Column]) -> None:
    step = Step(total_step)
    for _ in range(2):
        long = tuple(np.resize(column, WORTH) for column in columns)
        assert not step.try_quick(long, FACTOR, np.zeros(1), np.empty((2, WORTH)))
