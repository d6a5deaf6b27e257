import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.time import NS_PER_DAY
from undertow.domain.time_grid import time_grid


def test_the_last_midnight_is_part_of_it() -> None:
    first = 1_704_067_200 * 10**9
    found = time_grid(first, first + 365 * NS_PER_DAY, NS_PER_DAY)
    assert (len(found), int(found[-1])) == (366, first + 365 * NS_PER_DAY)


@given(st.integers(0, 2**61), st.integers(-5, 50), st.integers(1, 10**12))
def test_whole_steps_and_no_others(first: int, steps: int, step: int) -> None:
    last = first + steps * step
    assert time_grid(first, last, step).tolist() == [first + i * step for i in range(steps + 1)]
    if step > 1:
        assert len(time_grid(first, last - 1, step)) == max(0, steps)
    assert time_grid(first, first, step).dtype == np.int64
