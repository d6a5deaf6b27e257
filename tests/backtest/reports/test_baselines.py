"""Baselines of results made by hand; expected numbers are worked here."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import START_NS, curve, result, trade

from undertow.backtest.report_parts import report_of
from undertow.backtest.reports.baselines import (
    baselines_part,
    buy_and_hold,
    cost_rate,
    random_entries,
    random_entry_p,
)
from undertow.backtest.result import BacktestResult, CostSplit, EquityCurve, TradeOrder
from undertow.domain.side import Side

NAME = "BTC/USDT:USDT@aster"
HOUR_NS = 3_600 * 10**9


def _order(side: Side, price: float) -> TradeOrder:
    return TradeOrder("o", START_NS, side, price, 1.0, 0.25, False, price, "entry")


def _costly() -> BacktestResult:
    orders = (_order(Side.BUY, 100.0), _order(Side.SELL, 110.0))
    one = trade(9.5, orders=orders)
    costs = CostSplit(fees=0.5, spread=0.31, slippage=1.2, impact=0.09)
    return result([1_000.0, 1_100.0], [one], closes={NAME: curve([50.0, 40.0, 75.0])}, costs=costs)


def test_holding_pays_the_run_s_own_costs_once_a_side() -> None:
    made = _costly()
    rate = 2.1 / 210.0  # all costs over all that was traded
    assert cost_rate(made) == pytest.approx(rate)
    held = buy_and_hold(made)
    assert held is not None
    assert held.total_return == pytest.approx(1.5 * (1 - rate) / (1 + rate) - 1)
    assert held.final_balance == pytest.approx(1_000 * (1 + held.total_return))
    assert held.max_drawdown == pytest.approx(0.8 / (1 + rate) - 1)
    assert held.excess_return == pytest.approx(0.1 - held.total_return)


def test_equal_parts_and_a_late_listing() -> None:
    closes = {"A": curve([10.0, 10.0, 20.0]), "B": curve([math.nan, 5.0, 4.0])}
    held = buy_and_hold(result([100.0, 100.0, 100.0], closes=closes))
    assert held is not None
    assert math.isnan(held.cost_rate)
    assert held.total_return == pytest.approx((1.0 - 0.2) / 2)


def test_what_has_no_price_is_left_out() -> None:
    closes = {"A": curve([-1.0, 2.0]), "B": curve([math.nan, math.nan])}
    made = result([100.0, 100.0], closes=closes)
    assert buy_and_hold(made) is None
    assert baselines_part(made) == {}


def _timed(at: Any) -> BacktestResult:
    # Hourly prices that rise by 1 % in the hours of `rising`, and fall else.
    rng = np.random.default_rng(1)
    rising = rng.random(400) < 0.5
    prices = 100.0 * np.cumprod(np.where(rising, 1.01, 1 / 1.01))
    times = START_NS + np.arange(401) * HOUR_NS
    closes = EquityCurve(times, np.concatenate([[100.0], prices]), HOUR_NS)
    hours = np.flatnonzero(at(rising))[::4][:30]
    trades = [trade(1.0, int(hour)) for hour in hours]
    return result([1_000.0, 1_010.0], trades, closes={NAME: closes})


def test_entries_that_know_the_moment_beat_random_ones() -> None:
    assert random_entry_p(random_entries(_timed(lambda up: up))) == pytest.approx(1 / 1_000)
    worst = random_entry_p(random_entries(_timed(lambda up: ~up)))
    assert worst is not None
    assert worst > 0.99
    assert random_entry_p(random_entries(_costly())) is None


def test_the_report_has_them_and_they_follow_the_seed() -> None:
    made = _timed(lambda up: up | (np.arange(len(up)) % 2 == 0))
    part = report_of(made)["baselines"]
    assert part == baselines_part(made)
    assert set(part) == {"buy_and_hold", "random_entries"}
    by_name = part["random_entries"]["by_instrument"]
    assert by_name[NAME]["trades"] == 30
    assert by_name[NAME]["p_value"] == part["random_entries"]["p_value"]
    other = baselines_part(msgspec.structs.replace(made, seed=8))
    assert other["random_entries"] != part["random_entries"]
    assert other["buy_and_hold"] == part["buy_and_hold"]
