"""The exit toolbox as one declaration: stop-loss, trail, profit table, time limit (BT-12).

A strategy holds one as a field, and so has its parameters in its configuration, its checks and its
search space:

    class Cross(Strategy):
        exits: ExitPlan = ExitPlan(stop=0.03, trail=Trail.of_ratios(-0.03, positive=0.01))

        def on_bar(self, ctx, bar):
            if ctx.position:
                return self.exits.judge(ctx, ctx.position)
            ...
            return self.exits.enter(ctx, side)
"""

from typing import Annotated

import msgspec

from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.exit_rule import ExitRule, first_exit
from undertow.decision.exits.max_hold import MaxHoldExit
from undertow.decision.exits.roi_table import RoiExit
from undertow.domain.intent import Action, Signal
from undertow.domain.parameter import Kind, Parameter, decimal_range, declare
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.trail import Trail

_SWITCH = Parameter(kind=Kind.BOOLEAN, space="roi")


class ExitPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """stop: the initial stop as a share of the price. trail: how it follows the price. with_roi:
    whether the profit table is used. max_hold: longest time held, none when 0.

    The stop and its trail stand at the venue and act on every trade; the table and the time are
    judged whenever the strategy asks.
    """

    stop: Annotated[float, declare(decimal_range(0.001, 0.35, space="stoploss"))] = 0.10
    trail: Trail = Trail()
    with_roi: Annotated[bool, declare(_SWITCH)] = False
    roi: RoiExit = RoiExit()
    max_hold: MaxHoldExit = MaxHoldExit()

    def enter(self, ctx: Context, side: Side, *, reason: str = "entry", tag: str = "") -> Signal:
        """Ask for a position with this stop and this trail."""
        return ctx.enter(
            side, stop=ctx.price * (1 - side * self.stop), trail=self.trail, reason=reason, tag=tag
        )

    def judge(self, ctx: Context, position: PositionView) -> Decision:
        """Close the position when a rule of the plan says so, else hold; with every verdict."""
        rules: list[ExitRule] = [self.roi] if self.with_roi else []
        rules.append(self.max_hold)
        closing, reached = first_exit(rules, ctx, position)
        side = int(position.side)
        if closing is None:
            return ctx.decide(Action.HOLD.value, reached, side=side)
        signal = ctx.exit(closing.name, verdicts=reached)
        return ctx.decide(Action.EXIT.value, reached, side=side, signal=signal)
