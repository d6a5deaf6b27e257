"""Exit 1: the flow cascade has turned (RISK-18, FLOW-23; C-04, D-28)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import equal, noted, undefined, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.position import PositionView
from undertow.flow.cascade import CASCADE_WINDOWS_S, cascade_reversal
from undertow.flow.sufficiency import LEAST_TRADES


class CascadeReversalExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The windows are ordered against the position and the short one exceeds `threshold` against
    it. Each has its own window, refreshed at every check (C-04).

    windows_s: three growing windows in seconds; (15, 75, 225) is the faster micro-cascade.
    """

    name: ClassVar[str] = "cascade_reversal"
    threshold: float = 2.0
    windows_s: tuple[int, int, int] = CASCADE_WINDOWS_S
    least_trades: int = LEAST_TRADES

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Judge the flow against the position."""
        found = cascade_reversal(
            ctx.flow,
            position.side,
            self.threshold,
            windows_s=self.windows_s,
            least_trades=self.least_trades,
        )
        against = float(-position.side)
        judged = (
            equal("side", float(found.side), against)
            if found.is_sufficient
            else undefined("ratios", self.threshold)
        )
        checks = (
            judged,
            noted("ratio_short", found.ratio_1m),
            noted("ratio_middle", found.ratio_5m),
            noted("ratio_long", found.ratio_15m),
        )
        return verdict(self.name, checks, strength=found.strength)
