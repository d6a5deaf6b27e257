"""The loop: where it stops and why, and whose an instrument is."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import (
    INCOMPLETE,
    MORE,
    NEVER_HIGH,
    OUT_OF_TABLE,
    REACHED,
    WOKE,
)

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000


def at(second: float, **changed: int) -> dict[str, int]:
    """A buy of 1 at 100, that many seconds after NOW_S."""
    time_ns = NOW_S * S + int(second * S)
    row = {"event_time_ns": time_ns, "receive_time_ns": time_ns, "price_ticks": 100}
    return {**row, "qty_lots": 1, "side": 1, **changed}


def run(arrays: Any, rows: Any, start: int = 0, due: int = NEVER_HIGH, timed: int = 0) -> Any:
    rows.flags.writeable = False
    return advance(arrays.run, rows, start, len(rows), due, timed)


def test_all_rows(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    assert run(arrays, make_rows(*(at(k) for k in range(5)))) == (5, REACHED)
    assert arrays.run["now_ns"][0] == (NOW_S + 4) * S
    assert arrays.sources["messages"][0] == 5


def test_a_timer_stops_before_its_row_unless_it_is_untimed(
    make_arrays: Make, make_rows: Make
) -> None:
    rows = make_rows(*(at(k) for k in range(5)))
    assert run(make_arrays(), rows, due=(NOW_S + 2) * S) == (2, REACHED)
    assert run(make_arrays(), rows, due=NOW_S * S, timed=1) == (1, REACHED)


def test_a_closed_bar_wakes_after_its_row(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    arrays.instruments["wakes"][0] = 1
    arrays.make_room_for_closed()
    rows = make_rows(at(0), at(0.5), at(2, price_ticks=105), at(2.5))
    assert run(arrays, rows) == (3, WOKE)
    assert arrays.run["closed_count"][0] == 1
    assert arrays.instruments["last_ticks"][0] == 105


@pytest.mark.parametrize("odd", [{"instrument": 2}, {"source": 2}])
def test_unknown_indexes_stop(odd: dict[str, int], make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    assert run(arrays, make_rows(at(0), at(1, **odd), at(2))) == (1, OUT_OF_TABLE)
    assert arrays.sources["messages"][0] == 1


def test_a_cut_update_is_not_begun(make_arrays: Make, book_rows: Make) -> None:
    arrays = make_arrays()
    rows = book_rows([(1, 5, 1), (-1, 6, 1)], flags=1)
    assert run(arrays, rows[:3].copy()) == (0, INCOMPLETE)
    assert run(arrays, rows) == (4, REACHED)
    assert (arrays.sources["messages"][0], arrays.sources["extra_rows"][0]) == (1, 3)
    assert arrays.instruments["bid_ticks"][0] == 5


def test_a_torn_update_is_counted_and_what_follows_is_read(
    make_arrays: Make, make_rows: Make
) -> None:
    arrays = make_arrays()
    rows = make_rows(
        at(0, kind=2, qty_lots=2, side=0), at(0, kind=3), at(0, price_ticks=7), at(0, kind=3)
    )
    assert run(arrays, rows) == (4, REACHED)
    one = arrays.instruments[0]
    assert (one["torn_updates"], one["refused_rows"], one["last_ticks"]) == (1, 1, 7)


def test_long_stretches_are_handed_out_in_parts(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    arrays.instruments["wakes"][0] = 1
    arrays.make_room_for_closed()
    rows, i, parts = make_rows(at(0), at(3000)), 0, []
    while i < 2:
        i, why = run(arrays, rows, start=i)
        parts.append((why, int(arrays.run["closed_count"][0])))
        arrays.run["closed_count"] = 0
    assert [why for why, _ in parts] == [MORE] * 3 + [WOKE]
    assert sum(count for _, count in parts) == 2999


def test_trades_decide_whose_an_instrument_is(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    quote = {"kind": 5, "price_b": 101, "qty_b": 1, "side": 0}
    owners = []
    for row in (at(0, source=1, **quote), at(1), at(2, source=1, **quote), at(3, source=1)):
        run(arrays, make_rows(row))
        owners.append(int(arrays.instruments["source"][0]))
    assert owners == [1, 0, 0, 1]


def test_a_new_source_that_is_ahead_closes_bars_first(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    rows = make_rows(at(0), at(50, source=1, instrument=1), at(50, source=1))
    assert run(arrays, rows) == (3, REACHED)
    assert arrays.instruments["closed_until_s"][0] == NOW_S + 49
    assert arrays.instruments["bars_1s"][0] == 49


def test_flow_counts_in_its_own_second(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    quote = {"kind": 5, "price_b": 101, "qty_b": 1, "side": 0}
    rows = make_rows(at(0, **quote), at(0.2, **{**quote, "qty_lots": 4}), at(5))
    run(arrays, rows)
    assert arrays.buckets[0, NOW_S % 1024]["ofi_lots"] == 3
    late = make_rows(at(1, receive_time_ns=(NOW_S + 5) * S, **{**quote, "qty_lots": 9}))
    run(arrays, late)
    assert arrays.instruments["ofi_lots"][0] == 3 + 5
    assert arrays.buckets["ofi_lots"].sum() == 3
