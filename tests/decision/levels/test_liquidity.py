from collections.abc import Callable
from math import nan
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.levels.liquidity import LiquidityLevel
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


@pytest.fixture
def liquid(flow: Any) -> Any:
    flow.set_bars(60, [(1, 1, 1, 1, 9, 9)] * 15)  # two trades a bar
    flow.book = {Side.BUY: [(99_990, 500), (99_980, 500)], Side.SELL: [(100_010, 400)]}
    return flow


def test_a_tight_busy_market_passes(context: MakeContext, liquid: Any) -> None:
    judged = LiquidityLevel(minutes=15).judge(context(), Side.BUY)
    assert judged.passed
    assert [check.name for check in judged.checks] == ["healthy", "trades", "spread_bps"]


def test_sick_feeds_and_quiet_markets_stop(context: MakeContext, liquid: Any) -> None:
    liquid.is_healthy = False
    assert LiquidityLevel(minutes=15).judge(context(), Side.BUY).reason == "healthy"
    liquid.is_healthy = True
    assert LiquidityLevel(minutes=14).judge(context(), Side.BUY).reason == "trades"
    assert LiquidityLevel(minutes=16).judge(context(), Side.BUY).reason == "trades_insufficient"


@pytest.mark.parametrize(("spread", "reason"), [(5.1, "spread_bps"), (5.0, "passed")])
def test_spread(context: MakeContext, liquid: Any, spread: float, reason: str) -> None:
    liquid.spread_bps = spread
    assert LiquidityLevel(minutes=15).judge(context(), Side.BUY).reason == reason


def test_without_quotes_the_spread_comes_from_trades(context: MakeContext, liquid: Any) -> None:
    liquid.spread_bps = nan
    assert LiquidityLevel(minutes=15).judge(context(), Side.BUY).reason == "spread_bps_insufficient"
    liquid.set_closes(1, [100_000 + 20 * (i % 2) for i in range(300)])
    check = LiquidityLevel(minutes=15).judge(context(), Side.BUY).checks[2]
    assert check.value == pytest.approx(4.0, rel=0.02)


def test_depth_is_the_thinner_sides_value(context: MakeContext, liquid: Any) -> None:
    asked = LiquidityLevel(minutes=15, min_depth_quote=5_000.0)
    judged = asked.judge(context(), Side.BUY)
    assert judged.reason == "depth_quote"
    assert judged.checks[3].value == pytest.approx(4_000.4)
    liquid.has_book = False
    assert asked.judge(context(), Side.BUY).reason == "depth_quote_insufficient"


def test_an_empty_side_has_no_depth(context: MakeContext, liquid: Any) -> None:
    liquid.book[Side.SELL] = []
    judged = LiquidityLevel(minutes=15, min_depth_quote=1.0).judge(context(), Side.BUY)
    assert judged.checks[3].value == 0.0
