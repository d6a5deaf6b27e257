"""Watches against a loop over the trades."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.flow.watch import WatchKind
from undertow.flow.watch_list import WatchList
from undertow.kernels.flow.layout import NEVER_HIGH, NEVER_LOW
from undertow.kernels.flow.watch_touch import is_touched, set_gate, touch_watches, trail_level

Make = Callable[..., Any]


def first_touch(kind: WatchKind, level: int, trail_ppm: int, prices: list[int]) -> int | None:
    """Number of the trade that touches, by the definition; exact fractions."""
    extreme = level
    for number, price in enumerate(prices):
        if kind is WatchKind.RISES_TO and price >= level:
            return number
        if kind is WatchKind.FALLS_TO and price <= level:
            return number
        if kind is WatchKind.TRAIL_LONG:
            extreme = max(extreme, price)
            if price * 10**6 <= extreme * (10**6 - trail_ppm):
                return number
        if kind is WatchKind.TRAIL_SHORT:
            extreme = min(extreme, price) if extreme else price
            if price * 10**6 >= extreme * (10**6 + trail_ppm):
                return number
    return None


@given(
    wanted=st.lists(
        st.tuples(
            st.sampled_from(WatchKind),
            st.integers(90_000, 110_000),
            st.booleans(),
            st.sampled_from([1, 900, 40_000, 1_000_000]),
        ),
        min_size=1,
        max_size=6,
    ),
    prices=st.lists(st.integers(90_000, 110_000), max_size=40),
)
@settings(deadline=None)
def test_touches_equal_the_definition(
    wanted: list[tuple[WatchKind, int, bool, int]], prices: list[int], make_arrays: Make
) -> None:
    arrays = make_arrays()
    watches = WatchList(arrays)
    for number, (kind, level, is_fresh, trail_ppm) in enumerate(wanted):
        start = 0 if kind.is_trail and is_fresh else level
        watches.add(0, number, kind, start, trail_ppm)
    one, found = arrays.instruments[0], {}
    for number, price in enumerate(prices):
        if price >= one["watch_high"] or price <= one["watch_low"]:
            touch_watches(arrays.run[0], 0, price, 1 + number)
        found.update({touch.watch_id: number for touch in watches.take_touched()})
    expected = {}
    for number, (kind, level, is_fresh, trail_ppm) in enumerate(wanted):
        start = 0 if kind.is_trail and is_fresh else level
        touch = first_touch(kind, start, trail_ppm, prices)
        if touch is not None:
            expected[number] = touch
    assert found == expected


@given(st.integers(1, 2**53), st.integers(1, 10**6))
@settings(deadline=None)
def test_trail_levels_are_exact(extreme: int, trail_ppm: int) -> None:
    down = trail_level(int(WatchKind.TRAIL_LONG), extreme, trail_ppm)
    assert down == extreme * (10**6 - trail_ppm) // 10**6 < extreme
    up = trail_level(int(WatchKind.TRAIL_SHORT), extreme, trail_ppm)
    assert up == -(-extreme * (10**6 + trail_ppm) // 10**6) > extreme


def test_without_watches_the_gate_is_open_wide(make_arrays: Make) -> None:
    arrays = make_arrays()
    set_gate(arrays.run[0], 0)
    one = arrays.instruments[0]
    assert (one["watch_low"], one["watch_high"]) == (NEVER_LOW, NEVER_HIGH)


def test_watches_of_others_are_left_alone(make_arrays: Make) -> None:
    arrays = make_arrays()
    WatchList(arrays).add(1, 7, WatchKind.RISES_TO, 10, 0)
    touch_watches(arrays.run[0], 0, 99, 1)
    assert arrays.run["touched_count"][0] == 0


@pytest.mark.parametrize(("kind", "ticks"), [(1, 10), (2, 10), (3, 10), (4, 10)])
def test_the_level_itself_touches(kind: int, ticks: int, make_arrays: Make) -> None:
    arrays = make_arrays()
    arrays.make_room_for_watch()
    watch = arrays.watches[0]
    watch["kind"], watch["level_ticks"] = kind, ticks
    assert is_touched(watch, ticks)
