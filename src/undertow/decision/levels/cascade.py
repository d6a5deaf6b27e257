"""Level 3: the order-flow cascade (DEC-14, FLOW-22; C-03, D-29)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import equal, noted, undefined, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.cascade import CASCADE_WINDOWS_S, CascadeMode, cascade
from undertow.flow.sufficiency import LEAST_TRADES


class CascadeLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Aggressive flow accelerates toward the side: the short window is more one-sided than the
    middle one and that more than the long one, and the short one exceeds `threshold`.

    mode: or all three above the threshold in any order. windows_s: three growing windows in
    seconds, at most 900. least_trades: in each. is_disjoint: nested windows are not independent
    (D-29); disjoint ones compare the newest with what came before it.
    """

    name: ClassVar[str] = "cascade"
    mode: CascadeMode = CascadeMode.ACCELERATE
    threshold: float = 2.0
    windows_s: tuple[int, int, int] = CASCADE_WINDOWS_S
    least_trades: int = LEAST_TRADES
    is_disjoint: bool = False

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the three windows for one side."""
        found = cascade(
            ctx.flow,
            self.mode,
            self.threshold,
            windows_s=self.windows_s,
            least_trades=self.least_trades,
            is_disjoint=self.is_disjoint,
        )
        judged = (
            equal("side", float(found.side), float(side))
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
