"""Order-flow imbalance as a primary signal (FLOW-01, FLOW-02; D-21, D-27)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, undefined, verdict
from undertow.decision.context import Context
from undertow.decision.ranking import directed_ratio
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.imbalance import imbalance


class OrderFlowAnalyzer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Aggressive flow of the window is one-sided: a long needs buy/sell >= `threshold`, a short
    <= 1/`threshold`.

    window_s: seconds, 1..900. threshold: ratio (C-02: 2.5). least_trades: fewer say nothing.
    Strength is the directed ratio over 5, at most 1.
    """

    name: ClassVar[str] = "order_flow"
    window_s: int = 30
    threshold: float = 2.5
    least_trades: int = 5

    def analyze(self, ctx: Context, side: Side) -> Verdict:
        """Judge the window for one side."""
        found = imbalance(ctx.flow, self.window_s, self.threshold, least_trades=self.least_trades)
        if not found.is_sufficient:
            return verdict(self.name, [undefined("ratio", self.threshold)])
        ratio = directed_ratio(found.ratio, side)
        return verdict(
            self.name, [at_least("ratio", ratio, self.threshold)], strength=found.strength
        )
