"""Seconds close into bars; the twin makes each bar from its trades."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow.bar_roll import roll_instrument, set_large
from undertow.kernels.flow.bucket_ring import open_bucket
from undertow.kernels.flow.layout import NEVER_HIGH, RING

S = 1_000_000_000
START_S = 1_700_000_040  # a whole minute; a quarter of an hour is 60 s on


def put(arrays: Any, second: int, ticks: list[int], lots: int = 2) -> None:
    """One buy per price in a second of instrument 0."""
    bucket = arrays.buckets[0, second % RING]
    open_bucket(arrays.instruments[0], bucket, second)
    traded = bucket["traded"]
    bucket["open_ticks"], bucket["close_ticks"] = ticks[0], ticks[-1]
    bucket["high_ticks"], bucket["low_ticks"] = max(ticks), min(ticks)
    traded["buy_trades"], traded["buy_lots"] = len(ticks), lots * len(ticks)
    traded["buy_tick_lots"] = float(lots * sum(ticks))


def rolled(arrays: Any, until_s: int) -> Any:
    arrays.instruments["closed_until_s"][0] = START_S
    roll_instrument(arrays.run[0], 0, until_s)
    return arrays.instruments[0]


def test_nothing_closes_before_the_first_trade(make_arrays: Callable[..., Any]) -> None:
    one = rolled(make_arrays(), START_S + 500)
    assert (one["bars_1s"], one["bars_1m"], one["closed_until_s"]) == (0, 0, START_S + 500)


def test_an_instrument_without_a_place_in_time_takes_it(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    roll_instrument(arrays.run[0], 0, START_S)
    assert arrays.instruments["closed_until_s"][0] == START_S


@pytest.mark.parametrize("steps", [[90] * 10, [1] * 900, [1, 59, 60, 7, 53] * 5])
def test_bars_equal_those_of_the_trades(steps: list[int], make_arrays: Callable[..., Any]) -> None:
    arrays, rng = make_arrays(), np.random.default_rng(1)
    arrays.instruments["closed_until_s"][0] = until = START_S
    trades: dict[int, list[int]] = {}
    for step in steps:
        for second in range(until, until + step):
            if second % 7 < 2:
                trades[second] = rng.integers(90, 110, 3).tolist()
                put(arrays, second, trades[second])
        until += step
        roll_instrument(arrays.run[0], 0, until)
    one = arrays.instruments[0]
    assert (one["bars_1m"], one["bars_5m"], one["bars_15m"]) == (15, 3, 1)
    for k, bar in enumerate(arrays.bars[0][:15]):
        assert bar["open_time_ns"] == (START_S + 60 * k) * S
        assert_bar(bar, trades, 60)
    fives, fifteens = int(arrays.run["bars_1m"][0]), int(arrays.run["bars_5m"][0])
    assert_bar(arrays.bars[0][fives], trades, 300)
    assert_bar(arrays.bars[0][fives + 1], trades, 300)
    assert_bar(arrays.bars[0][fives + fifteens], trades, 900)


def assert_bar(bar: Any, trades: dict[int, list[int]], length_s: int) -> None:
    first_s = int(bar["open_time_ns"]) // S
    prices = [p for s in range(first_s, first_s + length_s) for p in trades.get(s, ())]
    assert first_s % length_s == 0
    assert bar["high_ticks"] == max(prices)
    assert bar["low_ticks"] == min(prices)
    assert bar["close_ticks"] == prices[-1]
    assert bar["buy_lots"] == 2 * len(prices)
    assert bar["tick_lots"] == 2.0 * sum(prices)


def test_a_quiet_minute_is_flat_at_the_last_close(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    put(arrays, START_S + 5, [100, 103])
    rolled(arrays, START_S + 200)
    flat = arrays.bars[0][1]
    assert [flat[name] for name in ("open_ticks", "high_ticks", "low_ticks")] == [103] * 3
    assert (flat["close_ticks"], flat["buy_lots"], flat["tick_lots"]) == (103, 0, 0.0)


def test_waited_for_bars_are_noted(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    arrays.instruments["wakes"][0] = 1 | 2
    arrays.make_room_for_closed()
    put(arrays, START_S, [100])
    rolled(arrays, START_S + 61)
    notes = arrays.closed[: int(arrays.run["closed_count"][0])].tolist()
    assert [note[2] for note in notes] == [1] * 60 + [60] + [1]
    assert notes[0] == (START_S + 1, 0, 1, START_S % RING, 100)
    assert notes[1] == (START_S + 2, 0, 1, -1, 100)


def test_the_average_size_covers_300_seconds(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays(large_least_trades=2)
    for k in range(700):
        arrays.instruments["closed_until_s"][0] = START_S + k
        put(arrays, START_S + k, [100], lots=k + 1)
        roll_instrument(arrays.run[0], 0, START_S + k + 1)
        sizes = range(max(0, k - 299) + 1, k + 2)
        one = arrays.instruments[0]
        assert (one["recent_lots"], one["recent_trades"]) == (sum(sizes), len(sizes))
        wanted = 10 * sum(sizes) // len(sizes) if len(sizes) > 1 else NEVER_HIGH
        assert one["large_above_lots"] == wanted


def test_too_few_trades_make_nothing_large(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    one = arrays.instruments[0]
    one["recent_lots"], one["recent_trades"] = 1000, 19
    set_large(one, arrays.run[0])
    assert one["large_above_lots"] == NEVER_HIGH
    one["recent_trades"] = 20
    set_large(one, arrays.run[0])
    assert one["large_above_lots"] == 500


def test_totals_and_prior_closes_follow(make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    put(arrays, START_S, [100, 101])
    put(arrays, START_S + 3, [90], lots=7)
    one = rolled(arrays, START_S + 10)
    assert one["traded"].item()[:6] == (11, 0, 3, 0, 2.0 * 201 + 7.0 * 90, 0.0)
    prior = arrays.buckets["prior_ticks"][0]
    assert (prior[START_S % RING], prior[(START_S + 3) % RING]) == (100, 101)
