import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.slippage import Slippage


def test_at_least_one_tick_and_rounded_against_us() -> None:
    model = Slippage()
    assert model.ticks(100, 0) == 1
    assert model.ticks(10_000, 0) == 5
    assert model.ticks(10_001, 0) == 6


def test_fast_markets_cost_more() -> None:
    assert Slippage().ticks(10_000, 9) == 5 + 5
    assert Slippage(range_share_ppm=0).ticks(10_000, 9) == 5


def test_free_trading_must_be_asked_for() -> None:
    assert Slippage(0, 0, 0).ticks(10_000, 9) == 0
    with pytest.raises(ConfigurationError, match="min_ticks and rates of at least 0"):
        Slippage(min_ticks=-1)
