"""Expected: by hand, and counting of whole instants."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import (
    DAY_NS,
    average_daily_profit,
    average_duration_ns,
    exposure_time,
    trades_per_day,
)


def test_durations() -> None:
    assert average_duration_ns([0, 10], [10, 40]) == 20.0
    assert isnan(average_duration_ns([], []))
    with pytest.raises(CallerError, match="one before at index 1"):
        average_duration_ns([0, 10], [10, 9])
    with pytest.raises(CallerError, match="expected 2 close times"):
        average_duration_ns([0, 10], [10])


def test_trades_per_day_of_the_run() -> None:
    assert trades_per_day(30, 0, 10 * DAY_NS) == 3.0
    assert trades_per_day(3, 0, DAY_NS // 2) == 6.0
    assert isnan(trades_per_day(3, 5, 5))


def test_average_daily_profit() -> None:
    assert average_daily_profit([30.0, -10.0], 0, 4 * DAY_NS) == 5.0
    assert average_daily_profit([], 0, DAY_NS) == 0.0
    assert isnan(average_daily_profit([1.0], 5, 5))


def test_exposure_counts_overlap_once() -> None:
    assert exposure_time([0, 5, 30], [10, 20, 40], 0, 100) == 0.3
    assert exposure_time([0, 2], [50, 10], 0, 100) == 0.5
    assert exposure_time([-50, 90], [10, 500], 0, 100) == 0.2
    assert exposure_time([], [], 0, 100) == 0.0
    assert isnan(exposure_time([0], [1], 5, 5))


@given(st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 20)), max_size=12))
def test_agrees_with_counting(spans: list[tuple[int, int]]) -> None:
    held = {t for start, length in spans for t in range(start, start + length)} & set(range(30))
    opened = [start for start, _ in spans]
    closed = [start + length for start, length in spans]
    assert exposure_time(opened, closed, 0, 30) == pytest.approx(len(held) / 30)
