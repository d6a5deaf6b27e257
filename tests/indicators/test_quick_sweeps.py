"""A quick sweep is its step: the same bits with any parameters, however the columns are split."""

from itertools import pairwise

import numpy as np
import pytest

from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.registry import INDICATORS
from undertow.kernels.step import sweep

QUICK = {
    name: kind
    for name, kind in INDICATORS.items()
    if issubclass(kind, CompiledIndicator) and kind.step.quick is not None
}
ROWS, GUARD = 240, 16


@pytest.mark.parametrize("name", sorted(QUICK))
@pytest.mark.parametrize("period", [2, 3, 11, None])
@pytest.mark.parametrize("cuts", [(), (1, 40, 41), (120, 130)])
def test_it_is_the_step_bit_for_bit(name: str, period: int | None, cuts: tuple[int, ...]) -> None:
    kind = QUICK[name]
    wanted = [one.name for one in kind.parameters if one.name == "period" and period]
    one = kind(**dict.fromkeys(wanted, period or 0))
    rng = np.random.default_rng(8)
    columns = tuple(100.0 + np.cumsum(rng.standard_normal(ROWS)) for _ in one.inputs)
    p, size = one._constants, len(one._memory)
    expected, found = np.empty((2, len(one.outputs), ROWS))
    sweep(one.step.compiled.address, columns, p, np.zeros(size), expected)
    state = np.zeros(size + GUARD)
    state[size:] = 7.5
    for start, stop in pairwise([0, *cuts, ROWS]):
        part = np.empty((len(one.outputs), stop - start))
        assert one.step.quick
        assert one.step.quick(tuple(column[start:stop] for column in columns), p, state, part)
        found[:, start:stop] = part
    assert found.tobytes() == expected.tobytes()
    assert np.all(state[size:] == 7.5)


@pytest.mark.parametrize("name", sorted(QUICK))
@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_hole_is_found_wherever_it_is(name: str, hole: float) -> None:
    one = QUICK[name]()
    rng = np.random.default_rng(9)
    assert one.step.quick
    for k in range(len(one.inputs)):
        for place in (0, 1, 5, 119, ROWS - 2, ROWS - 1):
            columns = [100.0 + rng.random(ROWS) for _ in one.inputs]
            columns[k][place] = hole
            state, out = np.zeros(len(one._memory)), np.empty((len(one.outputs), ROWS))
            assert not one.step.quick(tuple(columns), one._constants, state, out), (k, place)
