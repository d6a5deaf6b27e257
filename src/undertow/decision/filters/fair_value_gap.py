"""An open fair value gap at price, in the direction of the trade (DEC-08; C-83, D-24)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, noted
from undertow.decision.context import Context
from undertow.decision.gap_source import GapSource
from undertow.decision.nearness import Nearness
from undertow.decision.signal_filter import points_verdict
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class FairValueGapFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All points when price is at a gap that supports the side: a bullish one for a long."""

    name: ClassVar[str] = "fair_value_gap"
    weight: float = 1.5
    gaps: GapSource = GapSource()
    near: Nearness = Nearness()

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Look for a supporting gap at the last price."""
        gap = self.gaps.at_price(ctx, side, self.near.ticks(ctx))
        if gap is None:
            return points_verdict(self.name, 0.0, self.weight, "none", [holds("gap", False)])
        checks = (
            holds("gap", True),
            noted("low_ticks", float(gap.low_ticks)),
            noted("high_ticks", float(gap.high_ticks)),
            noted("filled", gap.filled_share),
        )
        return points_verdict(self.name, self.weight, self.weight, "unfilled", checks)
