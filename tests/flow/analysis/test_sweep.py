from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.flow.sweep import sweep


def _bars(count: int = 60) -> Any:
    # One tick of range in every second, both sides trade.
    bars = np.zeros(count, BAR)
    bars["open_time_ns"] = np.arange(count) * 10**9
    bars["open_ticks"] = bars["low_ticks"] = 1_000
    bars["high_ticks"] = bars["close_ticks"] = 1_001
    bars["buy_lots"] = bars["sell_lots"] = 50
    return bars


def _swept(side: int, run: int, place: int = -2) -> Any:
    bars = _bars()
    bars["high_ticks" if side > 0 else "low_ticks"][place] = 1_001 + side * run
    bars["buy_lots" if side > 0 else "sell_lots"][place] = 500
    return bars


@pytest.mark.parametrize("side", [1, -1])
def test_a_run_of_one_side_is_a_sweep(side: int) -> None:
    found = sweep(_swept(side, 9))
    assert (found.side, found.run_ticks, found.multiple, found.lots) == (side, 9, 9.0, 550)
    assert found.open_time_ns == 58 * 10**9
    assert found.is_sufficient


def test_a_short_run_is_none() -> None:
    assert sweep(_swept(1, 7)).side == 0
    assert sweep(_swept(1, 7), least_multiple=7.0).side == 1


def test_a_second_of_both_sides_is_none() -> None:
    bars = _swept(1, 9)
    bars["sell_lots"][-2] = 200
    assert sweep(bars).side == 0
    assert sweep(bars, least_share=0.7).side == 1


def test_only_the_last_seconds_are_searched() -> None:
    assert sweep(_swept(1, 9, -6)).side == 0
    assert sweep(_swept(1, 9, -6), 6).side == 1


def test_the_longer_of_two_runs_is_told() -> None:
    bars = _swept(1, 9)
    bars["low_ticks"][-4], bars["sell_lots"][-4] = 989, 900
    found = sweep(bars)
    assert (found.side, found.run_ticks) == (-1, 12)


def test_usual_ranges_are_those_of_seconds_with_trades() -> None:
    bars = _swept(1, 9)
    bars["high_ticks"][:40] = 1_003
    bars["buy_lots"][:15] = bars["sell_lots"][:15] = 0
    # 25 seconds of 3 ticks, 15 of one; the first 15 did not trade.
    assert sweep(bars, least_multiple=1.0).multiple == pytest.approx(9 / (90 / 40))


@pytest.mark.parametrize("count", [0, 3, 34])
def test_too_few_seconds_say_nothing(count: int) -> None:
    found = sweep(_bars(count))
    assert not found.is_sufficient
    assert found.side == 0
    assert isnan(found.multiple)


def test_turned_upside_down_it_says_the_opposite() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        bars = _bars()
        moves = rng.integers(0, 15, (2, 60))
        bars["high_ticks"] += moves[0]
        bars["low_ticks"] -= moves[1]
        bars["buy_lots"], bars["sell_lots"] = rng.integers(0, 200, (2, 60))
        turned = bars.copy()
        turned["high_ticks"], turned["low_ticks"] = -bars["low_ticks"], -bars["high_ticks"]
        turned["close_ticks"] = -bars["close_ticks"]
        turned["buy_lots"], turned["sell_lots"] = bars["sell_lots"], bars["buy_lots"]
        one, other = (sweep(x, least_multiple=1.5, least_share=0.6) for x in (bars, turned))
        assert other.run_ticks == one.run_ticks
        assert other.side == -one.side
