from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.decision.answer import as_decision
from undertow.decision.context import Context
from undertow.domain.errors import StrategyFault
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.intent import Action
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


def test_nothing_is_wait_or_hold(
    context: MakeContext, position: Callable[..., PositionView]
) -> None:
    assert as_decision(context(), None).outcome == "wait"
    assert as_decision(context(position=position()), None).outcome == "hold"


def test_a_signal_becomes_a_decision_with_its_numbers(context: MakeContext) -> None:
    ctx = context()
    signal = ctx.enter(Side.SELL, stop=10_050.0, score=4.0)
    decision = as_decision(ctx, signal)
    assert (decision.outcome, decision.side, decision.score) == ("enter", -1, 4.0)
    assert (decision.signal, decision.inputs) == (signal, {"price": 10_000.0})


@pytest.mark.parametrize(
    "change",
    [
        {"strategy": StrategyId("other")},
        {"instrument_id": InstrumentId("ETH/USDT:USDT@aster")},
        {"stop_ticks": -1},
        {"stop_ticks": 100_001},
        {"action": Action.EXIT},
    ],
)
def test_a_signal_that_cannot_be_is_refused(context: MakeContext, change: dict[str, Any]) -> None:
    ctx = context()
    signal = ctx.enter(Side.BUY, stop=9_950.0)
    with pytest.raises(StrategyFault, match="expected"):
        as_decision(ctx, msgspec.structs.replace(signal, **change))


def test_an_entry_without_a_stop_is_for_risk_to_refuse(context: MakeContext) -> None:
    ctx = context()
    decision = as_decision(ctx, ctx.enter(Side.BUY))
    assert decision.signal is not None
    assert decision.signal.stop_ticks == 0


def test_a_decision_must_say_what_its_signal_says(context: MakeContext) -> None:
    ctx = context()
    decision = ctx.decide("hold", (), signal=ctx.enter(Side.BUY, stop=9_950.0))
    with pytest.raises(StrategyFault, match="expected outcome enter, found hold"):
        as_decision(ctx, decision)


def test_anything_else_is_refused(context: MakeContext) -> None:
    with pytest.raises(StrategyFault, match="found int"):
        as_decision(context(), 3)  # type: ignore[arg-type]  # users write what they like
