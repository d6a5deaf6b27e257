"""Do the faster timeframes agree with the trend (DEC-17, DEC-18)?"""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, verdict
from undertow.decision.context import Context
from undertow.decision.flow_readings import structure
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.intent import Check, Verdict
from undertow.domain.side import Side


class AlignmentLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No timeframe of `timeframes` may have the opposite structure, and at least `min_share` of
    them must have the same one; strength is that share. The trend itself is the regime level's.

    The entry itself is a bounce out of a dip, so the trigger timeframe is left out: it always
    disagrees a moment before.
    """

    name: ClassVar[str] = "alignment"
    timeframes: tuple[str, ...] = ("5m",)
    structure_bars: int = 3
    min_share: float = 0.0

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the structures against one side."""
        checks = self.checks(ctx, side)
        share = sum(check.value > 0.0 for check in checks) / len(checks) if checks else 1.0
        judged = (*checks, at_least("aligned_share", share, self.min_share))
        return verdict(self.name, judged, strength=share)

    def checks(self, ctx: Context, side: Side) -> tuple[Check, ...]:
        """One per timeframe: +1 same structure, 0 none, -1 opposite."""
        return tuple(self._check(ctx, side, name) for name in self.timeframes)

    def _check(self, ctx: Context, side: Side, name: str) -> Check:
        found = structure(ctx, timeframe_seconds(name), self.structure_bars)
        return at_least(f"structure_{name}", side * found, 0.0)
