from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.market_profile import MarketProfileFilter
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
ROWS = list(range(99_000, 101_001, 100))
LOTS = [float(10 - abs(i - 10)) for i in range(21)]


@pytest.mark.parametrize(
    ("ticks", "long", "short"),
    [
        (99_500, 1.5, 0.0),
        (100_500, 0.0, 1.5),
        (99_800, 0.5, 0.0),
        (100_200, 0.0, 0.5),
        (99_000, 0.0, 0.0),
        (101_000, 0.0, 0.0),
    ],
)
def test_points_by_place(
    context: MakeContext, flow: Any, ticks: int, long: float, short: float
) -> None:
    flow.profile, flow.last_ticks = (ROWS, LOTS), ticks
    rule = MarketProfileFilter(tolerance=0.0012)
    assert [rule.evaluate(context(), side).points for side in (Side.BUY, Side.SELL)] == [
        long,
        short,
    ]


def test_without_trades_it_is_insufficient(context: MakeContext) -> None:
    judged = MarketProfileFilter().evaluate(context(), Side.BUY)
    assert (judged.points, judged.reason) == (0.0, "insufficient")
