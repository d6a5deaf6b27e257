from collections.abc import Callable
from typing import Any

from undertow.decision.context import Context
from undertow.decision.gap_source import GapSource
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


def test_found_once_per_bar(context: MakeContext, flow: Any, gap_bars: Any) -> None:
    flow.set_bars(900, gap_bars(Side.BUY))
    ctx = context()
    found = GapSource().find(ctx)
    assert len(found) == 1
    assert GapSource().find(ctx) is found
    assert GapSource(least_gap=0.01).find(ctx) == ()


def test_at_price_within_the_tolerance(context: MakeContext, flow: Any, gap_bars: Any) -> None:
    flow.set_bars(900, gap_bars(Side.BUY))
    flow.last_ticks = 100_200
    assert GapSource().at_price(context(), Side.BUY, 40.0) is None
    assert GapSource().at_price(context(), Side.BUY, 50.0) is not None
    assert GapSource().at_price(context(), Side.SELL, 50.0) is None
