import numpy as np
import pytest

from undertow.kernels.cells.delay import delay, delay_size
from undertow.kernels.columns.delays import end_delay


@pytest.mark.parametrize("n", [1, 3, 10])
@pytest.mark.parametrize("taken", [0, 2, 10, 11, 40])
def test_what_comes_after_is_as_if_the_cell_had_seen_all(n: int, taken: int) -> None:
    x = np.random.default_rng(n).standard_normal(60)
    state, other = np.zeros((2, delay_size(n)))
    for value in x[: min(n, taken)]:
        delay(state, 0, value, n)
    end_delay(x[:taken], n, state)
    for value in x[:taken]:
        delay(other, 0, value, n)
    found, expected = ([delay(one, 0, v, n) for v in x[taken:]] for one in (state, other))
    assert np.array_equal(found, expected, equal_nan=True)
