"""One side of a book against a dictionary."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.book_side import find_level, set_level

CHANGES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 3)), max_size=120)


@given(CHANGES, st.sampled_from([1, -1]), st.sampled_from([64, 12, 1]))
@settings(deadline=None)
def test_levels_equal_a_dictionary(changes: list[tuple[int, int]], side: int, room: int) -> None:
    keys, lots = np.zeros(room, np.int64), np.zeros(room, np.int64)
    count, known = 0, dict[int, int]()
    for ticks, size in changes:
        key = side * ticks
        is_full = key not in known and size > 0 and count == room
        count = set_level(keys, lots, count, key, size)
        assert (count < 0) == is_full
        count = abs(count)
        known[key] = size
        kept = sorted(k for k, v in known.items() if v)[-room:]
        known = {k: known[k] for k in kept}
        assert keys[:count].tolist() == kept
        assert lots[:count].tolist() == [known[k] for k in kept]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
def test_finding_equals_searchsorted(count: int) -> None:
    keys = np.arange(0, 2 * count + 2, 2)
    for key in range(-1, 2 * count + 3):
        assert find_level(keys, count, key) == np.searchsorted(keys[:count], key)
