from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.plot.level_places import level_places


def test_names_move_apart_and_stay_inside() -> None:
    assert level_places([5.0, 5.0, 1.0], 0.0, 10.0, 1.0) == [4.5, 5.5, 1.0]
    assert level_places([10.0, 9.9], 0.0, 10.0, 1.0) == [10.0, 9.0]
    assert level_places([2.0, 7.0], 0.0, 10.0, 1.0) == [2.0, 7.0]
    assert level_places([], 0.0, 1.0, 0.1) == []


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=30))
def test_they_keep_their_order_and_their_distance(levels: list[float]) -> None:
    places = level_places(levels, 0.0, 10.0, 0.5)
    step = min(0.5, 10.0 / max(len(levels) - 1, 1))
    ranked = sorted(places)
    assert all(b - a >= step - 1e-9 for a, b in pairwise(ranked))
    assert all(-1e-9 <= place <= 10.0 + 1e-9 for place in places)
    assert [p for _, p in sorted(zip(levels, places, strict=True))] == pytest.approx(ranked)
