from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.filters.timeframes import TimeframesFilter
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
UP, DOWN = [100_000, 100_100, 100_200, 100_300], [100_300, 100_200, 100_100, 100_000]


@pytest.mark.parametrize(("fives", "points"), [(UP, 1.0), (DOWN, 2 / 3)])
def test_more_aligned_more_points(
    context: MakeContext, flow: Any, fives: list[int], points: float
) -> None:
    flow.set_closes(60, UP)
    flow.set_closes(300, fives)
    flow.set_closes(900, UP)
    assert TimeframesFilter().evaluate(context(), Side.BUY).points == pytest.approx(points)


def test_a_missing_timeframe_is_insufficient(context: MakeContext, flow: Any) -> None:
    flow.set_closes(60, UP)
    judged = TimeframesFilter().evaluate(context(), Side.BUY)
    assert (judged.points, judged.reason) == (0.0, "insufficient")
