from collections import deque
from collections.abc import Callable
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.decision.context import Context, ticks_toward
from undertow.decision.indicator_set import IndicatorSet
from undertow.domain.errors import StrategyFault
from undertow.domain.intent import Action
from undertow.domain.position import PositionView
from undertow.domain.side import Side

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


class Values(IndicatorSet):
    """Indicators whose history is given."""

    def __init__(self, **values: list[float]) -> None:
        super().__init__({}, "1m")
        self._values = {name: deque(past) for name, past in values.items()}


@pytest.mark.parametrize(
    ("fast", "within", "side"),
    [
        ([1.0, 3.0], 1, Side.BUY),
        ([3.0, 1.0], 1, Side.SELL),
        ([2.0, 3.0], 1, Side.BUY),
        ([1.0, 2.0], 1, None),
        ([1.0, 3.0, 3.0], 1, None),
        ([1.0, 3.0, 3.0], 2, Side.BUY),
        ([1.0, 3.0, 1.0], 2, Side.SELL),
        ([3.0], 2, None),
        ([nan, 3.0], 1, None),
    ],
)
def test_cross(context: MakeContext, fast: list[float], within: int, side: Side | None) -> None:
    values = Values(fast=fast, slow=[2.0] * len(fast))
    assert context(indicators=values).cross("fast", "slow", within=within) is side


def test_indicators_by_name(context: MakeContext) -> None:
    ctx = context(indicators=Values(fast=[1.0, 3.0]))
    assert (ctx["fast"], ctx.past("fast", 1)) == (3.0, 1.0)


def test_what_is_read_only_stays_so(context: MakeContext) -> None:
    ctx = context()
    assert (ctx.price, ctx.tick_size, str(ctx.asset)) == (10_000.0, 0.1, "asset BTC")
    with pytest.raises(AttributeError):
        ctx.price = 1.0  # type: ignore[misc]  # that it cannot be set is what is tested


def test_spot_cannot_be_shorted(context: MakeContext, position: MakePosition) -> None:
    perp, spot = context(), context(1)
    assert [ctx.can_enter(Side.SELL) for ctx in (perp, spot)] == [True, False]
    assert [ctx.can_enter(Side.BUY) for ctx in (perp, spot)] == [True, True]
    assert not context(position=position()).can_enter(Side.BUY)
    perp.flow.is_healthy = False  # type: ignore[misc]  # a scripted flow
    assert not perp.can_enter(Side.BUY)


def test_enter_carries_its_stop_and_reasons(context: MakeContext) -> None:
    signal = context().enter(Side.BUY, stop=9_950.04, take_profit=10_100.0, tag="t", score=5.0)
    assert (signal.action, signal.side, signal.entry_ticks) == (Action.ENTER, Side.BUY, 100_000)
    assert (signal.stop_ticks, signal.take_profit_ticks) == (99_501, 101_000)
    assert (signal.tag, signal.score) == ("t", 5.0)


@pytest.mark.parametrize("stop", [nan, 0.0, -1.0, float("inf"), 10_000.1])
def test_an_entry_without_a_proper_stop_is_refused(context: MakeContext, stop: float) -> None:
    with pytest.raises(StrategyFault, match="stop"):
        context().enter(Side.BUY, stop=stop)


def test_a_stop_is_at_least_a_tick_away(context: MakeContext) -> None:
    assert context().enter(Side.BUY, stop=9_999.99).stop_ticks == 99_999
    assert context().enter(Side.SELL, stop=10_000.0).stop_ticks == 100_001


def test_exit_and_tighten_need_a_position(context: MakeContext, position: MakePosition) -> None:
    ctx = context(position=position(Side.SELL))
    assert (ctx.exit("late").action, ctx.exit("late").side) == (Action.EXIT, Side.SELL)
    assert ctx.tighten(3_000, "warned").trail_ppm == 3_000
    with pytest.raises(StrategyFault, match="expected an open position to exit, found none"):
        context().exit("late")


def test_a_stop_is_moved_toward_profit(context: MakeContext, position: MakePosition) -> None:
    ctx = context(position=position(Side.BUY))
    moved = ctx.move_stop(ctx.price - 10 * ctx.tick_size, "structure")
    assert (moved.action, moved.stop_ticks, moved.trail_ppm) == (
        Action.TIGHTEN,
        ctx.flow.last_ticks - 10,
        0,
    )
    with pytest.raises(StrategyFault, match="on its losing side"):
        ctx.move_stop(ctx.price + ctx.tick_size, "structure")
    with pytest.raises(StrategyFault, match="expected an open position to tighten, found none"):
        context().move_stop(1.0, "structure")


def test_cached_until_the_next_bar(context: MakeContext) -> None:
    ctx, made = context(), []

    def compute() -> int:
        made.append(1)
        return len(made)

    ctx.flow.set_closes(60, [1, 2, 3])  # type: ignore[attr-defined]  # a scripted flow
    assert [ctx.cached("k", 60, compute) for _ in range(3)] == [1, 1, 1]
    ctx.flow.set_closes(60, [1, 2, 3, 4])  # type: ignore[attr-defined]  # a scripted flow
    assert ctx.cached("k", 60, compute) == 2


@given(st.integers(1, 10**9), st.sampled_from(["0.1", "0.01", "0.00001"]), st.sampled_from(Side))
def test_a_price_on_the_grid_keeps_its_tick(ticks: int, step: str, side: Side) -> None:
    size = float(step)
    assert ticks_toward(ticks * size / size, side) == ticks
