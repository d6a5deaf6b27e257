"""Open interest and funding paid: the present, and what is told of the past."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.flow.layout import FUNDING_SLOTS, OPEN_INTEREST_SLOTS
from undertow.kernels.flow.slow_facts import apply_funding, apply_open_interest

Make = Callable[..., Any]
MINUTE = 60 * 10**9
M0 = 28_333_334


@pytest.fixture
def tell(make_arrays: Make, make_rows: Make) -> Any:
    """Feeds open interests as (minutes after M0, lots) and shows the arrays."""
    arrays = make_arrays()

    def feed(*points: tuple[float, int]) -> Any:
        for minutes, lots in points:
            row = make_rows({"kind": 7, "qty_lots": lots})[0]
            apply_open_interest(arrays.run[0], 0, row, int((M0 + minutes) * MINUTE))
        return arrays

    return feed


def kept(arrays: Any) -> dict[int, int]:
    points = arrays.open_interests[0]
    return {int(p["minute"]) - M0: int(p["lots"]) for p in points if p["minute"] > 0}


def test_the_last_of_a_minute_is_kept_and_the_newest_is_served(tell: Any) -> None:
    arrays = tell((0.0, 5), (0.5, 6), (1.2, 7))
    assert kept(arrays) == {0: 6, 1: 7}
    assert arrays.instruments["open_interest_lots"][0] == 7
    assert arrays.instruments["open_interest_ns"][0] == int((M0 + 1.2) * MINUTE)


def test_history_told_late_fills_its_minutes_only(tell: Any) -> None:
    arrays = tell((10.0, 50), (5.0, 30), (0.0, 20))
    assert kept(arrays) == {0: 20, 5: 30, 10: 50}
    assert arrays.instruments["open_interest_lots"][0] == 50


def test_a_new_minute_takes_the_slot_of_the_old_one(tell: Any) -> None:
    arrays = tell((0.0, 1), (OPEN_INTEREST_SLOTS, 2), (0.0, 3))
    assert kept(arrays) == {OPEN_INTEREST_SLOTS: 2}


def test_an_undated_number_is_of_now(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    row = make_rows({"kind": 7, "qty_lots": 4})[0]
    apply_open_interest(arrays.run[0], 0, row, -1)
    assert arrays.instruments["open_interest_lots"][0] == 4
    assert kept(arrays) == {}
    apply_open_interest(arrays.run[0], 0, row, M0 * MINUTE)
    newer = make_rows({"kind": 7, "qty_lots": 9})[0]
    apply_open_interest(arrays.run[0], 0, newer, -1)
    assert kept(arrays) == {0: 9}


@pytest.mark.parametrize(
    ("kind", "odd"),
    [(7, {"qty_lots": -1}), (7, {"qty_lots": 2**53 + 1}), (9, {"event_time_ns": 0})],
)
def test_impossible_rows_are_refused(
    kind: int, odd: dict[str, int], make_arrays: Make, make_rows: Make
) -> None:
    arrays = make_arrays()
    row = make_rows({"kind": kind, "source": 1, **odd})[0]
    if kind == 7:
        apply_open_interest(arrays.run[0], 0, row, M0 * MINUTE)
    else:
        apply_funding(arrays.run[0], 0, row)
    assert arrays.instruments["refused_rows"].tolist() == [1, 0]
    assert arrays.sources["refused_rows"].tolist() == [0, 1]
    assert (kept(arrays), int(arrays.instruments["fundings"][0])) == ({}, 0)


def test_funding_payments_are_noted_once_in_order(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    for k in (1, 2, 2, 1, *range(3, FUNDING_SLOTS + 3)):
        row = make_rows({"kind": 9, "qty_b": 10 * k, "event_time_ns": k})[0]
        apply_funding(arrays.run[0], 0, row)
    one = arrays.instruments[0]
    assert (one["fundings"], one["funding_paid_ns"]) == (FUNDING_SLOTS + 2, FUNDING_SLOTS + 2)
    assert one["funding_paid_e12"] == 10 * (FUNDING_SLOTS + 2)
    assert arrays.fundings[0]["paid_ns"].tolist()[:3] == [FUNDING_SLOTS + 1, FUNDING_SLOTS + 2, 3]
    assert arrays.fundings[0]["rate_e12"].tolist()[:3] == [
        10 * (FUNDING_SLOTS + 1),
        10 * (FUNDING_SLOTS + 2),
        30,
    ]
