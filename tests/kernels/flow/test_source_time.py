"""Progress, watermark, clock offset and silence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.layout import CLOCK_WINDOWS, NEVER_HIGH
from undertow.kernels.flow.source_time import (
    MISDATED,
    clock_offset,
    close_clock_window,
    is_roll_due,
    median_low,
    note_overdue,
    note_silence,
    roll_source,
    stamp,
    sweep,
    sweep_all,
)

S = 1_000_000_000
MS = 1_000_000
NOW_S = 1_700_000_000
Make = Callable[..., Any]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=31))
@settings(deadline=None)
def test_median_equals_sorting(values: list[int]) -> None:
    assert median_low(np.array(values)) == sorted(values)[(len(values) - 1) // 2]


def test_progress_never_goes_back(make_arrays: Make, make_rows: Make) -> None:
    source = make_arrays().sources[0]
    rows = make_rows(*({"event_time_ns": NOW_S * S + k} for k in (5, 2, 9)))
    assert [stamp(source, row) for row in rows] == [NOW_S * S + k for k in (5, 2, 9)]
    assert source["progress_ns"] == NOW_S * S + 9


@pytest.mark.parametrize("odd", [{"event_time_ns": 0}, {"kind": 10}, {"kind": 11}])
def test_rows_without_a_venue_time_take_the_progress(
    odd: dict[str, int], make_arrays: Make, make_rows: Make
) -> None:
    source = make_arrays().sources[0]
    source["progress_ns"] = 77
    assert stamp(source, make_rows(odd)[0]) == 77
    assert (source["progress_ns"], source["least_delay_ns"]) == (77, NEVER_HIGH)


def test_a_row_far_ahead_of_the_clock_is_misdated(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    source = arrays.sources[0]
    first, ahead, back = make_rows({}, {"event_time_ns": (NOW_S + 3600) * S}, {"event_time_ns": 9})
    stamp(source, first)
    close_clock_window(source, arrays.delays[0], 10 * S)
    assert stamp(source, ahead) == MISDATED
    assert source["progress_ns"] == NOW_S * S
    assert stamp(source, back) == 9


def test_a_slow_clock_of_ours_misdates_nothing(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    source = arrays.sources[0]
    rows = make_rows(
        *({"event_time_ns": (NOW_S + k) * S, "receive_time_ns": (NOW_S + k - 3600) * S}
          for k in range(2))
    )  # fmt: skip
    stamp(source, rows[0])
    close_clock_window(source, arrays.delays[0], 10 * S)
    assert stamp(source, rows[1]) == (NOW_S + 1) * S


@given(minima=st.lists(st.integers(-5 * S, 5 * S), min_size=1, max_size=80))
@settings(deadline=None)
def test_offset_is_the_median_of_the_last_windows(minima: list[int], make_arrays: Make) -> None:
    arrays = make_arrays()
    source = arrays.sources[0]
    for least in minima:
        source["least_delay_ns"] = least
        close_clock_window(source, arrays.delays[0], 10 * S)
    kept = sorted(minima[-CLOCK_WINDOWS:])
    assert clock_offset(source) == kept[(len(kept) - 1) // 2]
    assert source["delay_floor_ns"] == min(0, clock_offset(source)) - 10 * S


def test_before_the_first_window_the_least_delay_stands_in(make_arrays: Make) -> None:
    source = make_arrays().sources[0]
    assert clock_offset(source) == 0
    source["least_delay_ns"] = 40 * MS
    assert clock_offset(source) == 40 * MS


def test_offset_follows_a_drift_and_ignores_bursts(make_arrays: Make, make_rows: Make) -> None:
    arrays, rng = make_arrays(), np.random.default_rng(3)
    for k in range(6000):
        receive = NOW_S * S + k * 100 * MS
        skew = -1272 * MS + k * 20_000  # 200 us a second
        queue = int(rng.exponential(3 * MS)) + (2 * S if k % 300 < 60 else 0)
        row = {"receive_time_ns": receive, "event_time_ns": receive - skew - queue}
        if receive >= arrays.run["next_sweep_ns"][0]:
            sweep(arrays.run[0], receive)
        stamp(arrays.sources[0], make_rows(row)[0])
    true_ns = -1272 * MS + 6000 * 20_000
    assert abs(clock_offset(arrays.sources[0]) - true_ns) < 40 * MS


def test_rolling_closes_what_the_watermark_passed(make_arrays: Make) -> None:
    arrays = make_arrays(lateness_ns=2 * S)
    arrays.instruments["source"] = (0, 1)
    source = arrays.sources[0]
    source["progress_ns"] = NOW_S * S + 999
    assert is_roll_due(source)
    assert roll_source(arrays.run[0], 0)
    assert arrays.instruments["closed_until_s"].tolist() == [NOW_S - 2, 0]
    assert source["next_roll_ns"] == (NOW_S + 1) * S
    assert not is_roll_due(source)
    source["progress_ns"] = (NOW_S + 1) * S
    assert is_roll_due(source)
    assert roll_source(arrays.run[0], 0)
    assert arrays.instruments["closed_until_s"].tolist() == [NOW_S - 1, 0]


def test_rolling_waits_until_noted_bars_are_taken(make_arrays: Make) -> None:
    arrays = make_arrays()
    arrays.instruments["source"][0] = 0
    arrays.instruments["wakes"][0] = 1
    arrays.make_room_for_closed()
    arrays.sources["progress_ns"][0] = NOW_S * S
    assert roll_source(arrays.run[0], 0)
    arrays.instruments["has_begun"][0] = 1
    arrays.sources["progress_ns"][0] = (NOW_S + 2000) * S
    taken = 0
    while not roll_source(arrays.run[0], 0):
        taken += int(arrays.run["closed_count"][0])
        arrays.run["closed_count"] = 0
    assert taken + arrays.run["closed_count"][0] == 2000


def test_a_silent_source_stands_still(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    row = {"event_time_ns": NOW_S * S, "receive_time_ns": NOW_S * S - 500 * MS}
    stamp(arrays.sources[0], make_rows(row)[0])
    sweep_all(arrays.run, (NOW_S + 30) * S + 5)
    assert arrays.sources["progress_ns"].tolist() == [NOW_S * S, 0]
    assert arrays.run["next_sweep_ns"][0] == (NOW_S + 31) * S


def test_a_long_silence_is_noted_from_the_last_row_to_the_next(make_arrays: Make) -> None:
    arrays = make_arrays(lateness_ns=2 * S, source_timeout_ns=10 * S)
    source = arrays.sources[0]
    source["closed_s"] = NOW_S - 2  # rows reached NOW_S
    note_silence(arrays.run[0], source, NOW_S + 8)
    assert (source["silent_from_s"], source["silent_until_s"]) == (0, 0)
    note_silence(arrays.run[0], source, NOW_S + 9)
    stretch = (NOW_S + 1, NOW_S + 11)
    assert (source["silent_from_s"], source["silent_until_s"]) == stretch
    source["closed_s"] = NOW_S - 1  # the same stretch, closed in two parts
    note_silence(arrays.run[0], source, NOW_S + 9)
    assert (source["silent_from_s"], source["silent_until_s"]) == stretch


def test_a_source_is_overdue_by_its_own_clock_and_stays_so(make_arrays: Make) -> None:
    arrays = make_arrays()
    source, run = arrays.sources[0], arrays.run[0]
    note_overdue(run, source, NOW_S * S)
    assert source["overdue_s"] == 0
    source["progress_ns"], source["least_delay_ns"] = NOW_S * S, 3 * S
    note_overdue(run, source, (NOW_S + 14) * S)
    assert source["overdue_s"] == NOW_S
    source["least_delay_ns"] = 9 * S
    note_overdue(run, source, (NOW_S + 15) * S)
    assert source["overdue_s"] == NOW_S
    note_overdue(run, source, (NOW_S + 21) * S)
    assert source["overdue_s"] == NOW_S + 1
