"""The step inside its loop gives the bits of the step called by its address: every indicator."""

import numpy as np
import pytest

from undertow.indicators.compiled_indicator import CompiledIndicator
from undertow.indicators.registry import INDICATORS
from undertow.kernels.step import WORTH, sweep
from undertow.kernels.whole_sweep import MOST

WHOLE = {
    name: kind
    for name, kind in INDICATORS.items()
    if issubclass(kind, CompiledIndicator) and kind.step.quick is None
}
ROWS, GUARD = 400, 16


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_it_is_the_step_bit_for_bit(name: str) -> None:
    one = WHOLE[name]()
    rng = np.random.default_rng(8)
    columns = tuple(100.0 + np.cumsum(rng.standard_normal(ROWS)) for _ in one.inputs)
    assert max(len(one.inputs), len(one.outputs)) <= MOST
    p, size = one._constants, len(one._memory)
    expected, found = np.empty((2, len(one.outputs), ROWS))
    sweep(one.step.compiled.address, columns, p, np.zeros(size), expected)
    state = np.full(size + GUARD, 7.5)
    state[:size] = 0.0
    for part in (slice(0, 150), slice(150, ROWS)):
        rows = tuple(row[part] for row in found)
        given = tuple(column[part] for column in columns)
        assert one.step.whole(p, state[:size])(given, p, state[:size], rows)
    assert found.tobytes() == expected.tobytes()
    assert np.all(state[size:] == 7.5)


def test_long_columns_are_swept_so() -> None:
    one = WHOLE["skewness"]()
    close = 100.0 + np.cumsum(np.random.default_rng(1).standard_normal(WORTH))
    whole = one.batch(close)["value"]
    assert one.batch(close[:1000])["value"].tobytes() == whole[:1000].tobytes()
    close[WORTH // 2] = np.nan
    holed = one.fresh().batch(close)["value"]
    assert np.isnan(holed[WORTH // 2])
    assert holed[: WORTH // 2].tobytes() == whole[: WORTH // 2].tobytes()
