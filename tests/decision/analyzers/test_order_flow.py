from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.analyzers.order_flow import OrderFlowAnalyzer
from undertow.decision.context import Context
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


@pytest.mark.parametrize(
    ("buy", "sell", "long", "short"),
    [(250, 100, True, False), (249, 100, False, False), (100, 250, False, True)],
)
def test_one_sided_flow(
    context: MakeContext, flow: Any, buy: int, sell: int, *, long: bool, short: bool
) -> None:
    flow.set_window(30, buy, sell)
    judged = [OrderFlowAnalyzer().analyze(context(), side) for side in (Side.BUY, Side.SELL)]
    assert [one.passed for one in judged] == [long, short]
    assert judged[0].checks[0].value == pytest.approx(buy / sell)
    assert judged[1].checks[0].value == pytest.approx(sell / buy)


def test_strength_is_the_same_for_both_directions(context: MakeContext, flow: Any) -> None:
    flow.set_window(30, 400, 100)
    long = OrderFlowAnalyzer().analyze(context(), Side.BUY)
    flow.set_window(30, 100, 400)
    assert OrderFlowAnalyzer().analyze(context(), Side.SELL).strength == long.strength == 0.8


def test_few_trades_say_nothing(context: MakeContext, flow: Any) -> None:
    flow.set_window(30, 400, 100, trades=4)
    judged = OrderFlowAnalyzer().analyze(context(), Side.BUY)
    assert judged.reason == "ratio_insufficient"


def test_a_window_without_sells_is_a_number(context: MakeContext, flow: Any) -> None:
    flow.set_window(30, 400, 0)
    assert OrderFlowAnalyzer().analyze(context(), Side.BUY).checks[0].value == 100.0
