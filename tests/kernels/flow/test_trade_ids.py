"""Trades are told apart by their ids; the twin keeps every id it has seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.layout import HOLES, INSTRUMENT
from undertow.kernels.flow.trade_ids import fill_hole, is_new_trade, open_hole


def fresh() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(1, INSTRUMENT), np.zeros((HOLES, 2), np.int64)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
@settings(deadline=None)
def test_only_what_was_seen_before_is_repeated(ids: list[int]) -> None:
    # All at one time, so nothing begins anew; ids before the first cannot be known.
    one, holes = fresh()
    seen: set[int] = set()
    for trade_id in ids:
        expected = trade_id not in seen and trade_id >= ids[0]
        assert is_new_trade(one[0], holes, trade_id, 0) == expected
        seen.add(trade_id)
    assert one["repeated_trades"][0] == len(ids) - len({i for i in ids if i >= ids[0]})


def test_holes_split_shrink_and_close() -> None:
    one, holes = fresh()
    open_hole(one[0], holes, 10, 14)
    assert [fill_hole(one[0], holes, i) for i in (12, 12, 10, 14, 11, 13, 13)] == [
        *(True, False, True, True, True, True, False),
    ]
    assert one["trade_holes"][0] == 0
    assert not holes.any()


def test_the_oldest_hole_is_forgotten() -> None:
    one, holes = fresh()
    for trade_id in range(1, 2 * HOLES + 4, 2):
        assert is_new_trade(one[0], holes, trade_id, 0)
    assert one["trade_holes"][0] == HOLES
    assert not is_new_trade(one[0], holes, 2, 0)
    assert is_new_trade(one[0], holes, 4, 0)


@pytest.mark.parametrize(("event_ns", "is_new"), [(5, False), (6, True)])
def test_a_lower_id_on_a_newer_trade_is_a_new_count(event_ns: int, is_new: bool) -> None:
    one, holes = fresh()
    one["last_event_ns"] = 5
    is_new_trade(one[0], holes, 1_000, 5)
    assert is_new_trade(one[0], holes, 7, event_ns) == is_new
    assert one["renumbered_trades"][0] == is_new
    assert is_new_trade(one[0], holes, 1_001, event_ns)
