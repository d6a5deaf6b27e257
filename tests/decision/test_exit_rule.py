from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.exit_rule import ExitRule, first_exit, profit_ppm
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.decision.exits.trailing import TrailingExit
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


def test_the_first_that_fires_closes(context: MakeContext, position: MakePosition) -> None:
    rules: list[ExitRule] = [TrailingExit(), MaxHoldExit(seconds=30), MaxHoldExit(seconds=10)]
    closing, reached = first_exit(rules, context(), position())
    assert closing is reached[-1]
    assert [one.name for one in reached] == ["trailing", "max_hold"]


def test_none_fires(context: MakeContext, position: MakePosition) -> None:
    closing, reached = first_exit([TrailingExit()], context(), position())
    assert closing is None
    assert len(reached) == 1


@pytest.mark.parametrize(("side", "profit"), [(Side.BUY, 10_000.0), (Side.SELL, -10_000.0)])
def test_profit(
    context: MakeContext, position: MakePosition, flow: Any, side: Side, profit: float
) -> None:
    flow.last_ticks = 101_000
    assert profit_ppm(context(), position(side)) == profit
