from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.mean_reversion import MeanReversionFilter
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
CLOSES = [99_900, 100_100] * 450  # mean 100 000, deviation 100


@pytest.mark.parametrize(
    ("ticks", "long", "short"),
    [
        (99_800, 1.5, 0.0),
        (99_820, 0.75, 0.0),
        (99_901, 0.0, 0.0),
        (100_180, 0.0, 0.75),
        (100_200, 0.0, 1.5),
    ],
)
def test_only_a_pull_back_toward_the_trade_scores(
    context: MakeContext, flow: Any, ticks: int, long: float, short: float
) -> None:
    flow.set_closes(1, CLOSES)
    flow.last_ticks = ticks
    rule = MeanReversionFilter()
    assert [rule.evaluate(context(), side).points for side in (Side.BUY, Side.SELL)] == [
        long,
        short,
    ]


@pytest.mark.parametrize("closes", [[100_000] * 900, [99_900, 100_100] * 20])
def test_undefined_without_movement_or_history(
    context: MakeContext, flow: Any, closes: list[int]
) -> None:
    flow.set_closes(1, closes)
    assert MeanReversionFilter().evaluate(context(), Side.BUY).reason == "insufficient"
