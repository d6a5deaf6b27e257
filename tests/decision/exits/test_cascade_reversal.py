from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.exits.cascade_reversal import CascadeReversalExit
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


@pytest.fixture
def selling(flow: Any) -> None:
    for seconds, buy, sell in ((60, 100, 350), (300, 1_000, 2_800), (900, 3_000, 5_400)):
        flow.set_window(seconds, buy, sell)


@pytest.mark.usefixtures("selling")
def test_closes_what_it_runs_against(context: MakeContext, position: MakePosition) -> None:
    rule = CascadeReversalExit()
    assert rule.judge(context(), position(Side.BUY)).passed
    assert not rule.judge(context(), position(Side.SELL)).passed


@pytest.mark.usefixtures("selling")
def test_each_timeframe_is_its_own_window(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    for seconds in (60, 300, 900):
        flow.set_window(seconds, 100, 350)
    assert not CascadeReversalExit().judge(context(), position()).passed  # equal, not ordered


def test_no_data_no_exit(context: MakeContext, position: MakePosition) -> None:
    assert CascadeReversalExit().judge(context(), position()).reason == "ratios_insufficient"
