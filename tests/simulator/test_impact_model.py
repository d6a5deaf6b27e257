"""Worked by hand: sigma 2 % a day, 10,000 lots a day, Y = 1."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market
from undertow.domain.side import Side
from undertow.simulator.impact_model import OwnImpact, SquareRootImpact

S = 10**9
MODEL = SquareRootImpact(daily_volume_lots=10_000, daily_sigma_ppm=20_000, half_life_ns=100 * S)


def test_the_law_and_two_thirds_of_it() -> None:
    # 100 lots are 1 % of the day: 2 % * sqrt(0.01) = 0.2 % at the peak.
    assert MODEL.peak(100) == pytest.approx(0.002)
    assert MODEL.mean(0, 100) == pytest.approx(0.002 * 2 / 3)


@given(st.floats(0, 5_000), st.floats(0.1, 5_000))
def test_the_mean_is_the_integral(before: float, lots: float) -> None:
    grid = np.linspace(before, before + lots, 4_001)
    middle = (grid[1:] + grid[:-1]) / 2
    by_sum = np.mean(MODEL.y * 0.02 * np.sqrt(middle / 10_000))
    assert MODEL.mean(before, lots) == pytest.approx(by_sum, rel=1e-3)


def test_the_next_one_begins_where_the_last_one_left_and_it_fades() -> None:
    own = OwnImpact({0: MODEL})
    assert own.ticks(0, Side.BUY, 100, 100_000, 0) == 134
    # 100 more on top: 2/3 (200^1.5 - 100^1.5) / 100 = 12.19 -> 0.02 * 12.19 / 100 = 0.2438 %.
    assert own.ticks(0, Side.BUY, 100, 100_000, 0) == 244
    # After a half-life 100 of the 200 are left.
    assert own.dump()[0] == (200.0, 0)
    assert own.ticks(0, Side.BUY, 100, 100_000, 100 * S) == 244


def test_the_other_side_is_never_cheaper() -> None:
    own = OwnImpact({0: MODEL})
    own.ticks(0, Side.BUY, 100, 100_000, 0)
    assert own.ticks(0, Side.SELL, 60, 100_000, 0) == 0
    # 40 bring it back to nothing, 60 push beyond: 60 % of the mean of 60.
    beyond = 100_000 * MODEL.mean(0, 60) * 0.6
    assert own.ticks(0, Side.SELL, 100, 100_000, 0) == pytest.approx(beyond, abs=1)
    assert own.ticks(5, Side.SELL, 100, 100_000, 0) == 0


def test_takers_pay_it_and_a_limit_keeps_its_promise(make_trader: Any) -> None:
    money = [Money.of("100000000", "USDT")]
    trader = make_trader(balances=money, impact_of={"BTC/USDT:USDT": MODEL})
    trader.feed(trader.rows.book(1, "99990x900", "100000x900"))
    trader.submit(2, "a", Side.BUY, 100, Market())
    assert trader.feed(until_ms=2)[1].startswith("filled a 100134x100")
    trader.submit(3, "b", Side.BUY, 100, Limit(100_100))
    assert trader.feed(until_ms=3)[1].startswith("filled b 100100x100")
    state = trader.exchange.snapshot()
    trader.exchange.restore(state)
    assert trader.exchange.snapshot() == state


def test_impossible_models_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="daily volume"):
        SquareRootImpact(daily_volume_lots=0, daily_sigma_ppm=1)
    with pytest.raises(ConfigurationError, match="half_life_ns"):
        SquareRootImpact(daily_volume_lots=1, daily_sigma_ppm=1, half_life_ns=0)
