from collections.abc import Callable
from typing import Any

from undertow.decision.context import Context
from undertow.decision.exit_plan import ExitPlan
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.decision.exits.roi_table import RoiExit
from undertow.decision.strategy import Strategy
from undertow.domain.intent import Action
from undertow.domain.parameter import parameters_of, with_parameters
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.domain.trail import Trail

MakeContext = Callable[..., Context]
MakePosition = Callable[..., PositionView]


class Planned(Strategy):
    """A strategy that holds a plan."""

    exits: ExitPlan = ExitPlan(stop=0.02)


def test_an_entry_carries_the_stop_and_the_trail(context: MakeContext, flow: Any) -> None:
    plan = ExitPlan(stop=0.02, trail=Trail(distance_ppm=9_000))
    ctx = context()
    long, short = plan.enter(ctx, Side.BUY), plan.enter(ctx, Side.SELL, tag="x")
    assert (long.stop_ticks, short.stop_ticks) == (98_000, 102_000)
    assert long.trail == short.trail == Trail(distance_ppm=9_000)
    assert short.tag == "x"


def test_the_first_rule_closes_and_every_verdict_is_told(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    plan = ExitPlan(with_roi=True, roi=RoiExit(at_start=0.01), max_hold=MaxHoldExit(seconds=60))
    flow.last_ticks = 102_000
    ctx = context(position=position())
    young = position(opened_ns=ctx.now_ns)
    decision = plan.judge(ctx, young)
    assert decision.signal is not None
    assert (decision.signal.action, decision.signal.reason) == (Action.EXIT, "roi")
    flow.last_ticks = 100_000
    held = plan.judge(ctx, young)
    assert (held.outcome, [verdict.name for verdict in held.verdicts]) == (
        "hold",
        ["roi", "max_hold"],
    )
    old = position(opened_ns=ctx.now_ns - 60 * NS_PER_S)
    late = plan.judge(ctx, old).signal
    assert late is not None
    assert late.reason == "max_hold"


def test_without_its_switch_the_table_is_not_asked(
    context: MakeContext, position: MakePosition, flow: Any
) -> None:
    flow.last_ticks = 150_000
    ctx = context(position=position())
    judged = ExitPlan().judge(ctx, position(opened_ns=ctx.now_ns))
    assert [verdict.name for verdict in judged.verdicts] == ["max_hold"]


def test_a_strategy_has_the_plans_parameters() -> None:
    known = parameters_of(Planned)
    assert {one.space for one in known.values()} == {"stoploss", "trailing", "roi"}
    changed = with_parameters(Planned(), {"exits.stop": 0.05, "exits.trail.near_ppm": 4_000})
    assert (changed.exits.stop, changed.exits.trail.near_ppm) == (0.05, 4_000)
