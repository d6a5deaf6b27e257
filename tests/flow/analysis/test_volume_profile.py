from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.flow.volume_profile import (
    ProfileLocation,
    ProfileShape,
    VolumeProfile,
    volume_profile,
)

volumes = st.lists(st.integers(0, 1_000), min_size=1, max_size=25)


def _profile(lots: Sequence[float], first: int = 100, step: int = 1) -> VolumeProfile:
    found = volume_profile([first + step * i for i in range(len(lots))], lots)
    assert found is not None
    return found


def test_pairs_are_compared_and_the_larger_is_added() -> None:
    # POC 40 of 100; pairs 10+8 below against 12+5 above, 18 > 17; then 17 of 58 held: 75.
    found = _profile([7, 8, 10, 40, 12, 5, 18])
    assert (found.poc_ticks, found.val_ticks, found.vah_ticks) == (103, 101, 105)


def test_a_tie_of_pairs_goes_up() -> None:
    found = _profile([5, 5, 5, 20, 5, 5, 5])
    assert (found.val_ticks, found.vah_ticks) == (101, 105)
    found = _profile([10, 10, 60, 10, 10])
    assert (found.val_ticks, found.vah_ticks) == (102, 104)


def test_at_an_edge_what_is_left_is_added() -> None:
    # The pair below is the single row of 4 and loses to 9 + 8 above.
    found = _profile([4, 30, 9, 8, 6, 3])
    assert (found.poc_ticks, found.val_ticks, found.vah_ticks) == (101, 101, 103)
    assert _profile([50, 1, 1, 47]).vah_ticks == 103


def test_the_variant_grows_by_single_rows_and_must_exceed_the_share() -> None:
    def area(*lots: int) -> tuple[int, int]:
        found = volume_profile(range(100, 100 + len(lots)), lots, is_by_pairs=False)
        assert found is not None
        return found.val_ticks, found.vah_ticks

    # 40, up 12, down 10, down 8 = 70 of 100 is not above 70 %: down 7 more.
    assert area(7, 8, 10, 40, 12, 5, 18) == (100, 104)
    assert area(5, 20, 50, 20, 5) == (101, 103)  # a tie goes up, and 70 is not enough
    assert area(10, 10, 60, 10, 10) == (102, 104)
    assert area(4, 30, 1) == (101, 101)


def test_ties_of_the_poc_go_to_the_middle_and_then_down() -> None:
    assert _profile([9, 1, 9, 1, 1]).poc_ticks == 102
    assert _profile([1, 9, 1, 9, 1]).poc_ticks == 101
    assert _profile([9, 1, 1, 9]).poc_ticks == 100


def test_exactly_seventy_per_cent_is_enough() -> None:
    assert _profile([15, 70, 15]).vah_ticks == 101


def test_rows_left_out_count_as_empty_rows() -> None:
    sparse = volume_profile([100, 102, 103, 106], [5.0, 30.0, 20.0, 10.0])
    assert sparse == _profile([5, 0, 30, 20, 0, 0, 10])
    coarse = volume_profile([100, 110, 115], [5.0, 30.0, 20.0])
    assert coarse is not None
    assert (coarse.row_ticks, coarse.poc_ticks) == (5, 110)


def test_shape_is_where_the_poc_lies() -> None:
    shapes = [_profile(lots).shape for lots in ([9, 1, 1, 1], [1, 9, 9, 1], [1, 1, 1, 9], [5])]
    down, balanced, up = ProfileShape.TRENDING_DOWN, ProfileShape.BALANCED, ProfileShape.TRENDING_UP
    assert shapes == [down, balanced, up, balanced]


@pytest.mark.parametrize(
    ("ticks", "where"),
    [
        (10_000, ProfileLocation.AT_VAL),
        (9_990, ProfileLocation.AT_VAL),
        (10_010, ProfileLocation.AT_VAL),
        (9_989, ProfileLocation.BELOW),
        (10_011, ProfileLocation.INSIDE),
        (10_095, ProfileLocation.AT_VAH),
        (10_110, ProfileLocation.AT_VAH),
        (10_111, ProfileLocation.ABOVE),
    ],
)
def test_locations(ticks: int, where: ProfileLocation) -> None:
    profile = VolumeProfile(10_050, 10_100, 10_000, ProfileShape.BALANCED, 1.0)
    assert profile.location(ticks) is where


def test_within_reach_of_both_edges_the_nearer_counts() -> None:
    profile = VolumeProfile(10_002, 10_004, 10_000, ProfileShape.BALANCED, 1.0)
    found = [profile.location(ticks) for ticks in (10_001, 10_002, 10_003)]
    assert found == [ProfileLocation.AT_VAL, ProfileLocation.INSIDE, ProfileLocation.AT_VAH]


@settings(derandomize=True, deadline=None)
@given(lots=volumes)
def test_the_area_holds_its_share_around_the_poc(lots: list[int]) -> None:
    found = volume_profile(range(len(lots)), lots)
    if found is None:
        assert sum(lots) == 0
        return
    held = sum(lots[found.val_ticks : found.vah_ticks + 1])
    assert held >= 0.7 * sum(lots) * (1 - 1e-12)
    assert found.val_ticks <= found.poc_ticks <= found.vah_ticks
    assert lots[found.poc_ticks] == max(lots)
    assert found.total_lots == sum(lots)


@settings(derandomize=True, deadline=None)
@given(lots=st.lists(st.integers(1, 10**9), min_size=1, max_size=25, unique=True))
def test_the_mirror_has_the_mirrored_area(lots: list[int]) -> None:
    rows = np.arange(50, 50 + len(lots))
    found, mirror = volume_profile(rows, lots), volume_profile(-rows[::-1], lots[::-1])
    assert found is not None
    assert mirror is not None
    assert (-mirror.poc_ticks, -mirror.vah_ticks, -mirror.val_ticks) == (
        found.poc_ticks,
        found.val_ticks,
        found.vah_ticks,
    )


def test_bad_inputs_are_refused() -> None:
    assert volume_profile([], []) is None
    with pytest.raises(CallerError, match="ascending"):
        volume_profile([2, 1], [1.0, 1.0])
    with pytest.raises(CallerError, match="as many"):
        volume_profile([1, 2], [1.0])
    with pytest.raises(CallerError, match="higher rows"):
        volume_profile([1, 2, 10**9], [1.0, 1.0, 1.0])
