"""Volume by price of a minute: exact, aligned, coarser only when it must be."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.layout import PROFILE_MINUTE, PROFILE_ROWS
from undertow.kernels.flow.price_profile import (
    MOST_DOUBLINGS,
    add_volume,
    coarsen,
    move_rows,
    start_minute,
)


def rows_of(part: np.void) -> dict[int, int]:
    """Row number -> lots, rows with volume only."""
    return {int(part["first_row"]) + r: int(v) for r, v in enumerate(part["lots"]) if v}


@given(st.lists(st.tuples(st.integers(94_000, 106_000), st.integers(1, 9)), max_size=60))
@settings(deadline=None)
def test_rows_equal_a_dictionary(trades: list[tuple[int, int]]) -> None:
    parts = np.zeros(1, PROFILE_MINUTE)
    for ticks, lots in trades:
        assert add_volume(parts[0], 28_333_334, ticks, lots)
    shift = int(parts["shift"][0])
    wanted: dict[int, int] = {}
    for ticks, lots in trades:
        wanted[ticks >> shift] = wanted.get(ticks >> shift, 0) + lots
    assert rows_of(parts[0]) == wanted


def test_first_row_size_is_half_to_one_basis_point() -> None:
    for ticks in (1, 15_000, 20_000, 20_001, 62_345, 6_200_000, 2**52):
        parts = np.zeros(1, PROFILE_MINUTE)
        start_minute(parts[0], 1, ticks)
        size = 1 << int(parts["shift"][0])
        assert size == 1 if ticks <= 20_000 else 0.5e-4 <= size / ticks < 1e-4


def test_rows_move_before_they_coarsen() -> None:
    parts = np.zeros(1, PROFILE_MINUTE)
    for ticks in (10_000, 10_000 + PROFILE_ROWS - 1):
        assert add_volume(parts[0], 1, ticks, 1)
    assert parts["shift"][0] == 0
    assert add_volume(parts[0], 1, 9_999, 1)
    assert parts["shift"][0] == 1


def test_a_price_too_far_away_is_left_out() -> None:
    parts = np.zeros(1, PROFILE_MINUTE)
    assert add_volume(parts[0], 1, 10_000, 5)
    assert not add_volume(parts[0], 1, 10_000 + (PROFILE_ROWS << (MOST_DOUBLINGS + 1)), 7)
    assert rows_of(parts[0]) == {10_000: 5}


def test_a_new_minute_starts_empty() -> None:
    parts = np.zeros(1, PROFILE_MINUTE)
    add_volume(parts[0], 1, 10_000, 5)
    add_volume(parts[0], 33, 10_001, 6)
    assert parts["minute"][0] == 33
    assert rows_of(parts[0]) == {10_001: 6}


@given(st.integers(-(2**40), 2**40), st.integers(0, 4), st.integers(-50, 50))
@settings(deadline=None)
def test_coarser_and_moved_rows_keep_their_prices(first: int, doublings: int, by: int) -> None:
    parts = np.zeros(1, PROFILE_MINUTE)
    part = parts[0]
    part["first_row"] = first
    part["lots"][:] = np.arange(PROFILE_ROWS) * (np.arange(PROFILE_ROWS) % 128 >= 50)
    part["lots"][78:] = 0
    before = rows_of(part)
    coarsen(part, doublings)
    wanted: dict[int, int] = {}
    for row, lots in before.items():
        wanted[row >> doublings] = wanted.get(row >> doublings, 0) + lots
    assert rows_of(part) == wanted
    if doublings == 0:
        move_rows(part, first + by)
        assert part["first_row"] == first + by
        assert rows_of(part) == wanted
