"""Everything is read at the foreseen bar, and asking for more brings the flow there once."""

from typing import Any

import pytest

from undertow.decision.foreseen_context import ForeseenContext, ForeseenPosition
from undertow.decision.indicator_set import DEPTH, IndicatorSet
from undertow.domain.errors import UnknownNameError
from undertow.domain.identity import StrategyId
from undertow.domain.side import Side
from undertow.indicators.averages import Sma


class Place:
    """A flow that counts how often somebody came."""

    def __init__(self, context: Any) -> None:
        ctx = context()
        self.visits = 0
        self.held: Any = None
        values = [float(k) for k in range(DEPTH + 3)]
        self.ctx = ForeseenContext(
            StrategyId("s"), ctx._flow_state, ctx.index, now_ns=0,
            indicators=IndicatorSet({"fast": Sma(2)}, "1m"),
        )  # fmt: skip
        self.ctx.prepare({"fast": values, "fast.value": values}, self.go, lambda: 77, None)
        self.ctx.at = DEPTH + 1
        self.ctx.last_ticks = 123

    def go(self) -> Any:
        self.visits += 1
        return self.held


@pytest.fixture
def place(context: Any) -> Place:
    return Place(context)


def test_indicators_price_and_time_are_those_of_the_bar(place: Place) -> None:
    ctx = place.ctx
    assert (ctx["fast"], ctx.past("fast", 2)) == (DEPTH + 1, DEPTH - 1)
    assert ctx.price == 123 * ctx.instrument.price_float(1)
    assert ctx.now_ns == 77
    assert ctx.position is None
    assert place.visits == 0
    with pytest.raises(UnknownNameError, match="fast"):
        ctx["fsat"]


def test_the_flow_is_gone_to_once(place: Place) -> None:
    for _ in range(3):
        assert place.ctx.flow is not None
    assert place.ctx.asset is not None
    assert place.ctx.can_enter(Side.BUY) in (True, False)
    assert place.visits == 1
    assert place.ctx.now_ns == 77


def test_a_position_is_worked_out_when_looked_at() -> None:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return Side.SELL

    position = ForeseenPosition(make)
    assert not made
    assert position.name == "SELL"
    assert position.value == -1
    assert made == [1]
