from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.exits.trailing import TrailingExit
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("back", "passed"), [(490, False), (515, True)])
def test_half_a_percent_from_the_best(
    context: MakeContext, position: MakePosition, flow: Any, side: Side, *, back: int, passed: bool
) -> None:
    best = 100_000 + side * 1_000
    flow.last_ticks = best - side * back
    assert TrailingExit().judge(context(), position(side, extreme_ticks=best)).passed is passed


def test_activation_waits_for_profit(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    flow.last_ticks = 99_400
    late = TrailingExit(activation_ppm=5_000)
    assert TrailingExit().judge(context(), position()).passed
    assert late.judge(context(), position()).reason == "best_profit_ppm"
    assert late.judge(context(), position(extreme_ticks=100_600)).passed


def test_an_unknown_best_does_not_close(context: MakeContext, position: MakePosition) -> None:
    judged = TrailingExit().judge(context(), position(extreme_ticks=0))
    assert judged.reason == "retraced_ppm_insufficient"
