"""Given bars against a plain fold of the same bars, made here with dictionaries."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import GIVEN_SLOT

S = 1_000_000_000
START_S = 1_700_000_100  # a quarter of an hour
FAR = 2**63 - 1
Make = Callable[..., Any]


def bar_rows(
    make_rows: Make, bars: list[tuple[int, ...]], length_s: int, split: int = -1
) -> EventArray:
    """BAR_OPEN, BAR_FLOW where `split` is a share of bought volume in percent, and BAR."""
    rows: list[dict[str, int]] = []
    for open_s, opened, high, low, close, lots in bars:
        start, stop = open_s * S, (open_s + length_s) * S
        one = {"event_time_ns": start, "receive_time_ns": start + 5, "sequence": start}
        rows.append({**one, "kind": EventKind.BAR_OPEN, "price_ticks": opened, "qty_lots": 60})
        one |= {"event_time_ns": stop, "receive_time_ns": stop + 5}
        if split >= 0:
            bought = lots * split // 100
            flow = {"price_ticks": bought, "qty_lots": lots - bought, "price_b": 3, "qty_b": 2}
            rows.append({**one, "kind": EventKind.BAR_FLOW, **flow})
        prices = {"price_ticks": close, "price_b": high, "qty_b": low, "qty_lots": lots}
        rows.append({**one, "kind": EventKind.BAR, **prices})
    made: EventArray = make_rows(*rows)
    return made


def random_bars(count: int, length_s: int, *, keep: float = 1.0) -> list[tuple[int, ...]]:
    rng = np.random.default_rng(3)
    found: list[tuple[int, ...]] = []
    price = 100_000
    for k in range(count):
        opened, price = price, price + int(rng.integers(-9, 10))
        high, low = max(opened, price) + int(rng.integers(0, 5)), min(opened, price) - 3
        if rng.random() < keep:
            found.append((START_S + k * length_s, opened, high, low, price, int(rng.integers(9))))
    return found


def run(arrays: Any, rows: EventArray, start: int = 0) -> int:
    rows.flags.writeable = False
    i, _ = advance(arrays.run, rows, start, len(rows), FAR, 0)
    return int(i)


def folded(bars: list[tuple[int, ...]], length_s: int) -> list[tuple[int, ...]]:
    groups: dict[int, list[tuple[int, ...]]] = {}
    for bar in bars:
        groups.setdefault(bar[0] // length_s, []).append(bar)
    return [
        (
            key * length_s,
            group[0][1],
            max(bar[2] for bar in group),
            min(bar[3] for bar in group),
            group[-1][4],
            sum(bar[5] for bar in group),
        )
        for key, group in groups.items()
    ]


def ring(arrays: Any, name: str) -> list[tuple[int, ...]]:
    names = ("bars_1m", "bars_5m", "bars_15m")
    first = sum(int(arrays.run[one][0]) for one in names[: names.index(name)])
    count = int(arrays.instruments[name][0])
    columns = ("open_ticks", "high_ticks", "low_ticks", "close_ticks")
    return [
        (
            int(b["open_time_ns"]) // S,
            *(int(b[column]) for column in columns),
            int(b["buy_lots"] + b["sell_lots"]),
        )
        for b in arrays.bars[0][first : first + count]
    ]


@pytest.mark.parametrize("length_s", [1, 60, 180, 300, 900])
@pytest.mark.parametrize("keep", [1.0, 0.6])
def test_given_bars_roll_up_as_a_plain_fold_does(
    length_s: int, keep: float, make_arrays: Make, make_rows: Make
) -> None:
    bars = random_bars(max(60, 7200 // length_s), length_s, keep=keep)
    arrays = make_arrays(bars_1m=200, bars_5m=200, bars_15m=200)
    rows = bar_rows(make_rows, bars, length_s)
    assert run(arrays, rows) == len(rows)
    names = {"bars_1m": 60, "bars_5m": 300, "bars_15m": 900}
    for name, wide_s in names.items():
        if wide_s % length_s or (length_s == 180 and wide_s < 900):
            assert ring(arrays, name) == []
            continue
        found, expected = ring(arrays, name), folded(bars, wide_s)
        assert found == expected[: len(found)]
        assert len(expected) - 1 <= len(found) <= len(expected)


def test_without_a_split_both_sides_have_half_and_no_counts(
    make_arrays: Make, make_rows: Make
) -> None:
    arrays = make_arrays()
    run(arrays, bar_rows(make_rows, [(START_S, 10, 12, 9, 11, 7)], 60))
    bar = arrays.bars[0][0]
    assert (bar["buy_lots"], bar["sell_lots"]) == (4, 3)
    assert (bar["buy_trades"], bar["sell_trades"]) == (-1, -1)
    assert bar["tick_lots"] == pytest.approx((12 + 9 + 11) / 3 * 7)


def test_a_told_split_is_kept(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    run(arrays, bar_rows(make_rows, [(START_S, 10, 12, 9, 11, 10)], 60, split=80))
    bar = arrays.bars[0][0]
    assert (bar["buy_lots"], bar["sell_lots"]) == (8, 2)
    assert (bar["buy_trades"], bar["sell_trades"]) == (3, 2)


def test_the_last_price_is_the_open_and_then_the_close(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    rows = bar_rows(make_rows, [(START_S, 10, 12, 9, 11, 7)], 60)
    run(arrays, rows[:1].copy())
    assert arrays.instruments["last_ticks"][0] == 10
    run(arrays, rows[1:].copy())
    assert arrays.instruments["last_ticks"][0] == 11
    assert arrays.instruments["first_s"][0] == 0  # no trade was seen


def test_a_length_that_no_ring_keeps_is_handed_out(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    arrays.instruments["wakes"] |= 16
    arrays.make_room_for_closed()
    rows = bar_rows(
        make_rows, [(START_S, 10, 12, 9, 11, 7), (START_S + 86_400, 11, 11, 11, 11, 0)], 86_400
    )
    assert run(arrays, rows) == 2
    closed = arrays.closed[0]
    assert (closed["timeframe_s"], closed["slot"]) == (86_400, GIVEN_SLOT)
    assert closed["close_s"] == START_S + 86_400
    assert arrays.given[0]["high_ticks"] == 12


@pytest.mark.parametrize(
    "change",
    [
        {"price_b": 10},  # high below the close
        {"qty_b": 11},  # low above the open
        {"qty_b": 0},
        {"qty_lots": -1},
        {"sequence": 7},  # of a bar that was not opened
    ],
)
def test_what_cannot_be_a_bar_is_refused(
    change: dict[str, int], make_arrays: Make, make_rows: Make
) -> None:
    arrays = make_arrays()
    rows = bar_rows(make_rows, [(START_S, 10, 12, 9, 11, 7)], 60)
    for name, value in change.items():
        rows[name][1] = value
    run(arrays, rows)
    assert arrays.instruments["refused_rows"][0] == 1
    assert arrays.instruments["bars_1m"][0] == 0


def test_a_bar_told_twice_counts_once(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    rows = bar_rows(make_rows, [(START_S, 10, 12, 9, 11, 7)], 60)
    run(arrays, np.concatenate([rows, rows]))
    assert arrays.instruments["bars_1m"][0] == 1
    assert arrays.instruments["refused_rows"][0] == 2


def test_given_bars_beside_trades_only_pass_by(make_arrays: Make, make_rows: Make) -> None:
    arrays = make_arrays()
    trade = make_rows(
        {"side": 1, "price_ticks": 20, "qty_lots": 1, "sequence": 1,
         "event_time_ns": START_S * S, "receive_time_ns": START_S * S + 1}
    )  # fmt: skip
    run(arrays, trade)
    run(arrays, bar_rows(make_rows, [(START_S + 60, 10, 12, 9, 11, 7)], 60))
    assert arrays.instruments["last_ticks"][0] == 20
    assert arrays.instruments["bars_1m"][0] == 0
