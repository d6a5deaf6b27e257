import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.kernels.matching.ladder import (
    KEY,
    LEFT,
    SHOWN,
    TAKEN,
    begin_snapshot,
    best_left,
    confirm_levels,
    end_snapshot,
    plan_take,
    set_level,
    shown_at,
    trade_through,
)

LEVELS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), max_size=60)


def ladder(levels: dict[int, int], capacity: int = 64) -> tuple[NDArray[np.int64], int]:
    block = np.zeros((4, capacity), np.int64)
    count = 0
    for key in sorted(levels):
        count = set_level(key, levels[key], count, block)
    return block, count


@settings(derandomize=True, deadline=None)
@given(LEVELS)
def test_set_level_is_a_sorted_dict(updates: list[tuple[int, int]]) -> None:
    block, count = ladder({})
    plain: dict[int, int] = {}
    for key, lots in updates:
        count = set_level(key, lots, count, block)
        plain[key] = lots
        plain = {k: v for k, v in plain.items() if v}
    assert block[KEY, :count].tolist() == sorted(plain)
    assert block[SHOWN, :count].tolist() == [plain[k] for k in sorted(plain)]
    assert (block[LEFT, :count] == block[SHOWN, :count]).all()


@settings(derandomize=True, deadline=None)
@given(LEVELS)
def test_full_ladder_keeps_the_best(updates: list[tuple[int, int]]) -> None:
    block, count = ladder({}, capacity=4)
    seen: dict[int, int] = {}
    for key, lots in updates:
        if lots:
            count = set_level(key, lots, count, block)
            seen[key] = lots
    best = sorted(seen)[-4:]
    assert block[KEY, :count].tolist() == best


def test_taken_lots_return_only_with_another_quantity() -> None:
    block, count = ladder({10: 5})
    block[TAKEN, 0], block[LEFT, 0] = 5, 0
    set_level(10, 5, count, block)
    assert (block[TAKEN, 0], block[LEFT, 0]) == (5, 0)
    set_level(10, 6, count, block)
    assert (block[TAKEN, 0], block[LEFT, 0]) == (0, 6)


def test_trades_eat_until_the_book_has_caught_up() -> None:
    block, count = ladder({10: 5, 20: 4, 30: 3})
    block[TAKEN, 1], block[LEFT, 1] = 1, 3
    trade_through(20, 2, count, block)
    assert block[LEFT, :3].tolist() == [5, 1, 0]
    assert best_left(block, count) == 1
    confirm_levels(20, count, block)
    assert block[LEFT, :3].tolist() == [5, 3, 3]


def test_snapshot_removes_what_it_does_not_name() -> None:
    block, count = ladder({10: 5, 20: 4, 30: 3})
    block[TAKEN, 2], block[LEFT, 2] = 3, 0
    begin_snapshot(count, block)
    count = set_level(30, 3, count, block)
    count = set_level(25, 8, count, block)
    count = end_snapshot(count, block)
    assert block[:, :count].T.tolist() == [[25, 8, 0, 8], [30, 3, 3, 0]]


def test_plan_take_walks_from_the_best_and_takes_nothing() -> None:
    block, count = ladder({-103: 5, -102: 4, -101: 3})
    out = np.zeros((64, 2), np.int64)
    assert plan_take(block, count, -102, 9, out) == 2
    assert out[:2].tolist() == [[2, 3], [1, 4]]
    assert plan_take(block, count, -200, 4, out) == 2
    assert out[:2].tolist() == [[2, 3], [1, 1]]
    assert block[LEFT, :3].tolist() == [5, 4, 3]


def test_shown_at() -> None:
    block, count = ladder({10: 5, 30: 3})
    assert [shown_at(block, count, key) for key in (9, 10, 20, 30, 31)] == [-1, 5, 0, 3, 0]
    assert shown_at(block, 0, 10) == -1
