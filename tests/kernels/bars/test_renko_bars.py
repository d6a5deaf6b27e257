"""Renko bricks by hand and against a plain twin."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.flow.bar_kinds import RenkoBars

Make = Callable[..., Any]
S = 1_000_000_000


def trades_at(prices: list[int]) -> list[tuple[int, int, int, int]]:
    return [(k * S, price, 1, 1 if k % 2 else -1) for k, price in enumerate(prices, 1)]


def ohlc(bars: Any) -> list[tuple[int, ...]]:
    names = ["open_ticks", "high_ticks", "low_ticks", "close_ticks"]
    return [tuple(row) for row in bars[names].tolist()]


def test_two_bricks_turn_around_and_wicks_point_back(make_builder: Make, rows_of: Make) -> None:
    prices = [100, 97, 108, 110, 104, 121, 102, 101, 100, 89]
    bars = make_builder(RenkoBars(10)).push(rows_of(trades_at(prices)))
    assert ohlc(bars) == [
        (100, 110, 97, 110),  # the wick reaches down to 97
        (110, 120, 104, 120),
        (110, 110, 100, 100),  # turned; what the trade at 121 had over its border is not shown
        (100, 100, 90, 90),
    ]
    assert bars["close_time_ns"].tolist() == [4 * S, 6 * S, 9 * S, 10 * S]


def test_bricks_of_one_trade_leave_all_volume_in_the_first(
    make_builder: Make, rows_of: Make
) -> None:
    bars = make_builder(RenkoBars(10)).push(rows_of(trades_at([100, 105, 139])))
    assert ohlc(bars) == [(100, 110, 100, 110), (110, 120, 110, 120), (120, 130, 120, 130)]
    assert (bars["buy_lots"] + bars["sell_lots"]).tolist() == [3.0, 0.0, 0.0]
    assert bars["open_time_ns"].tolist() == [S, 3 * S, 3 * S]


def test_one_brick_turns_around_when_asked(make_builder: Make, rows_of: Make) -> None:
    bars = make_builder(RenkoBars(10, reversal_bricks=1)).push(rows_of(trades_at([100, 110, 100])))
    assert ohlc(bars) == [(100, 110, 100, 110), (110, 110, 100, 100)]


def plain(prices: list[int], brick: int, reversal: int) -> list[tuple[int, int]]:
    """(open, close) of bricks, one at a time."""
    border, side, bricks = prices[0], 0, []
    for price in prices:
        while True:
            up = border + brick * (reversal - 1 if side < 0 else 0)
            down = border - brick * (reversal - 1 if side > 0 else 0)
            if price >= up + brick:
                bricks.append((up, up + brick))
                border, side = up + brick, 1
            elif price <= down - brick:
                bricks.append((down, down - brick))
                border, side = down - brick, -1
            else:
                break
    return bricks


@pytest.mark.parametrize("brick", [2, 5, 13])
@pytest.mark.parametrize("reversal", [1, 2, 3])
def test_as_the_plain_twin(
    brick: int, reversal: int, make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    trades = random_trades(5, 4000)
    bars = make_builder(RenkoBars(brick, reversal)).push(rows_of(trades))
    expected = plain([t[1] for t in trades], brick, reversal)
    assert [(o, c) for o, _, _, c in ohlc(bars)] == expected
    assert all(low <= min(o, c) and high >= max(o, c) for o, high, low, c in ohlc(bars))


def test_an_absurd_jump_is_refused(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(RenkoBars(1))
    assert len(builder.push(rows_of(trades_at([100, 10**9, 101])))) == 1
    assert builder.counters["oversized_trades"] == 1
