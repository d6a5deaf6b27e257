"""Expected: by hand, on days from 2024-01-01."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import DAY_NS, daily_equity, sampled_equity

HOUR = 3_600_000_000_000
FIRST = 19_723 * DAY_NS  # 2024-01-01


def test_midnight_belongs_to_the_day_it_closes() -> None:
    times = FIRST + np.array([0, 12 * HOUR, 24 * HOUR, 25 * HOUR, 48 * HOUR])
    found = daily_equity(times, [100.0, 90.0, 110.0, 80.0, 120.0])
    assert ((found.time_ns - FIRST) // DAY_NS).tolist() == [0, 1, 2]
    assert found.equity.tolist() == [100.0, 110.0, 120.0]
    assert found.is_first_whole
    assert found.is_last_whole


def test_the_start_is_kept_and_so_is_the_end() -> None:
    times = FIRST + np.array([10 * HOUR, 23 * HOUR, 30 * HOUR, 50 * HOUR])
    found = daily_equity(times, [100.0, 101.0, 102.0, 103.0])
    assert ((found.time_ns - FIRST) // HOUR).tolist() == [10, 24, 48, 50]
    assert found.equity.tolist() == [100.0, 101.0, 102.0, 103.0]
    assert not found.is_first_whole
    assert not found.is_last_whole


def test_days_without_a_mark_repeat_the_last() -> None:
    found = daily_equity([FIRST, FIRST + HOUR, FIRST + 3 * DAY_NS], [100.0, 95.0, 105.0])
    assert found.equity.tolist() == [100.0, 95.0, 95.0, 105.0]


def test_one_point_and_one_instant() -> None:
    assert daily_equity([FIRST + HOUR], [7.0]).equity.tolist() == [7.0]
    assert daily_equity([FIRST, FIRST], [7.0, 8.0]).equity.tolist() == [7.0, 8.0]
    # What is lost at the first instant is a loss of the first day.
    at_once = daily_equity([FIRST, FIRST, FIRST + DAY_NS], [10.0, 9.0, 9.0])
    assert at_once.equity.tolist() == [10.0, 9.0]
    assert sampled_equity([0, 5, 9], [1.0, 2.0, 3.0], 4).equity.tolist() == [1.0, 1.0, 2.0, 3.0]


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="step back at index 2"):
        daily_equity([1, 3, 2], [1.0, 1.0, 1.0])
    with pytest.raises(CallerError, match="expected 2 times"):
        daily_equity([1], [1.0, 1.0])
    with pytest.raises(CallerError, match="at least 1 ns"):
        sampled_equity([1], [1.0], 0)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30, unique=True), st.integers(1, 50))
def test_agrees_with_a_slow_search(times: list[int], step: int) -> None:
    times = sorted(times)
    values = [float(place) for place in range(len(times))]
    found = sampled_equity(times, values, step)
    for at, value in zip(found.time_ns, found.equity, strict=True):
        assert value == max(v for t, v in zip(times, values, strict=True) if t <= at)
    assert set(range(times[0], times[-1] + 1)) & {k * step for k in range(201)} <= set(
        found.time_ns.tolist()
    )
    assert (found.time_ns[0], found.time_ns[-1]) == (times[0], times[-1])
    assert (np.diff(found.time_ns) > 0).all()


def test_an_end_at_midnight_is_the_last_point_of_a_present_day_curve() -> None:
    # In float64 the nanoseconds of 2024 are 256 apart: a grid counted in floats lost its last step.
    times = 1_704_067_200 * 10**9 + DAY_NS * np.arange(366, dtype=np.int64)
    found = daily_equity(times, np.arange(366.0))
    assert found.time_ns.tolist() == times.tolist()
    assert found.equity.tolist() == list(range(366))
