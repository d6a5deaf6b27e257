"""The percentile of sizes against numpy's."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.size_percentile import keep_largest, percentile_of, tops_needed


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(1, 10**9), min_size=1, max_size=300),
    split=st.integers(0, 300),
    percentile=st.integers(90, 100),
)
def test_it_is_numpys_linear_percentile(sizes: list[int], split: int, percentile: int) -> None:
    one, two = np.array(sizes[:split], np.int64), np.array(sizes[split:], np.int64)
    tops = np.zeros(tops_needed(len(sizes), percentile), np.int64)
    held = keep_largest(one, 0, len(one), tops, 0)
    held = keep_largest(two, 0, len(two), tops, held)
    assert held == len(tops)
    assert tops.tolist() == sorted(sizes)[-len(tops) :]
    wanted = float(np.percentile(sizes, percentile))
    assert np.isclose(percentile_of(tops, len(sizes), percentile), wanted, rtol=1e-12)


def test_only_the_stretch_is_read() -> None:
    tops = np.zeros(2, np.int64)
    assert keep_largest(np.array([99, 1, 5, 3, 99]), 1, 4, tops, 0) == 2
    assert tops.tolist() == [3, 5]
