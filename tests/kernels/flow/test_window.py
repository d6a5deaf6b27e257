"""Sums over seconds, one-second bars and the unfinished bar, against plain loops."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import RING
from undertow.kernels.flow.window import copy_seconds, forming_bar, sum_window

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000


@pytest.fixture(scope="module")
def tape(make_arrays: Make, make_rows: Make) -> tuple[Any, list[tuple[int, int, int, int]]]:
    """Arrays after random trades (second, ticks, lots, side), with quiet stretches."""
    rng, arrays = np.random.default_rng(5), make_arrays()
    seconds = np.cumsum(rng.choice([0, 0, 1, 2, 30], 900)) + NOW_S
    columns = (seconds, rng.integers(90, 110, 900), rng.integers(1, 9, 900))
    sides = rng.choice([-1, 1], 900)
    trades = list(zip(*(column.tolist() for column in (*columns, sides)), strict=True))
    rows = make_rows(
        *({"event_time_ns": s * S, "receive_time_ns": s * S, "price_ticks": ticks,
           "qty_lots": lots, "side": side} for s, ticks, lots, side in trades)
    )  # fmt: skip
    rows.flags.writeable = False
    advance(arrays.run, rows, 0, len(rows), 2**62, 0)
    return arrays, trades


@pytest.mark.parametrize("seconds", [1, 2, 30, 900])
def test_sums_equal_a_loop(seconds: int, tape: Any) -> None:
    arrays, trades = tape
    last_s = trades[-1][0]
    inside = [t for t in trades if last_s - seconds < t[0] <= last_s]
    sums = sum_window(arrays.buckets[0], last_s - seconds + 1, last_s)
    by_side = [[t for t in inside if t[3] == side] for side in (1, -1)]
    assert list(sums[:2]) == [sum(t[2] for t in part) for part in by_side]
    assert list(sums[2:4]) == [len(part) for part in by_side]
    assert list(sums[4:6]) == [float(sum(t[1] * t[2] for t in part)) for part in by_side]
    assert sums[6:] == (0.0, 0.0, 0, sums[9], sums[10], 0, 0)


def test_old_slots_are_not_summed(tape: Any) -> None:
    arrays, trades = tape
    last_s = trades[-1][0]
    assert sum_window(arrays.buckets[0], last_s + RING - 900, last_s + RING)[:2] == (0, 0)


@pytest.mark.parametrize("count", [0, 1, 77, 900])
def test_seconds_are_copied_with_flat_ones(count: int, tape: Any) -> None:
    arrays, trades = tape
    out = np.zeros(count, BAR)
    copy_seconds(arrays.instruments[0], arrays.buckets[0], out)
    until_s = int(arrays.instruments["closed_until_s"][0])
    for k, bar in enumerate(out):
        second = until_s - count + k
        prices = [t[1] for t in trades if t[0] == second]
        before = [t[1] for t in trades if t[0] < second][-1]
        expected = (prices[0], max(prices), min(prices), prices[-1]) if prices else (before,) * 4
        assert bar.item()[:5] == (second * S, *expected)
        assert bar["tick_lots"] == sum(t[1] * t[2] for t in trades if t[0] == second)


@pytest.mark.parametrize(("parts", "timeframe_s"), [(0, 1), (1, 60), (2, 300), (3, 900)])
def test_the_unfinished_bar_has_every_trade_since(parts: int, timeframe_s: int, tape: Any) -> None:
    arrays, trades = tape
    out = np.zeros(2, BAR)
    before = arrays.buckets.tobytes()
    forming_bar(arrays.run[0], 0, parts, timeframe_s, out)
    assert arrays.buckets.tobytes() == before
    first_s = int(out["open_time_ns"][0]) // S
    assert first_s == arrays.instruments["closed_until_s"][0] // timeframe_s * timeframe_s
    inside = [t for t in trades if first_s <= t[0] < first_s + timeframe_s]
    prices = [t[1] for t in inside] or [int(arrays.instruments["close_ticks"][0])]
    assert out["high_ticks"][0] == max(prices)
    assert out["close_ticks"][0] == prices[-1]
    assert out["buy_lots"][0] + out["sell_lots"][0] == sum(t[2] for t in inside)
    assert out["tick_lots"][0] == sum(t[1] * t[2] for t in inside)


def test_before_any_trade_the_unfinished_bar_is_nothing(make_arrays: Make) -> None:
    arrays, out = make_arrays(), np.zeros(2, BAR)
    forming_bar(arrays.run[0], 0, 1, 60, out)
    assert out[0].item() == (0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0)
