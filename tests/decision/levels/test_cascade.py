from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.levels.cascade import CascadeLevel
from undertow.domain.side import Side
from undertow.flow.cascade import CascadeMode

MakeContext = Callable[..., Context]


@pytest.fixture
def accelerating(flow: Any) -> Any:
    for seconds, buy, sell in ((60, 350, 100), (300, 2_800, 1_000), (900, 5_400, 3_000)):
        flow.set_window(seconds, buy, sell)
    return flow


def test_the_example_of_the_rule(context: MakeContext, accelerating: Any) -> None:
    judged = CascadeLevel().judge(context(), Side.BUY)
    assert judged.passed
    assert [check.value for check in judged.checks[1:]] == pytest.approx([3.5, 2.8, 1.8])
    assert CascadeLevel().judge(context(), Side.SELL).reason == "side"


def test_all_above_is_the_other_mode(context: MakeContext, accelerating: Any) -> None:
    level = CascadeLevel(mode=CascadeMode.ALL_ABOVE)
    assert level.judge(context(), Side.BUY).reason == "side"
    accelerating.set_window(900, 5_400, 2_000)
    assert level.judge(context(), Side.BUY).passed


def test_shorts_are_mirrored(context: MakeContext, accelerating: Any) -> None:
    for seconds, window in accelerating.windows.items():
        accelerating.set_window(seconds, window.sell_lots, window.buy_lots)
    assert CascadeLevel().judge(context(), Side.SELL).strength == pytest.approx(0.7)


def test_few_trades_are_insufficient(context: MakeContext, accelerating: Any) -> None:
    accelerating.set_window(60, 350, 100, trades=4)
    assert CascadeLevel().judge(context(), Side.BUY).reason == "ratios_insufficient"


def test_its_windows_are_parameters(context: MakeContext, accelerating: Any) -> None:
    assert not CascadeLevel(windows_s=(15, 75, 225)).judge(context(), Side.BUY).passed
