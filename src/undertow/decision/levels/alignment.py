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
    """No timeframe of `timeframes` may have the opposite structure; strength is the share that has
    the same one. The trend itself is the regime level's.

    The entry itself is a bounce out of a dip, so the trigger timeframe is left out: it always
    disagrees a moment before.
    """

    name: ClassVar[str] = "alignment"
    timeframes: tuple[str, ...] = ("5m",)
    structure_bars: int = 3

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the structures against one side."""
        checks = self.checks(ctx, side)
        aligned = sum(check.value > 0.0 for check in checks)
        return verdict(self.name, checks, strength=aligned / max(len(checks), 1))

    def checks(self, ctx: Context, side: Side) -> tuple[Check, ...]:
        """One per timeframe: +1 same structure, 0 none, -1 opposite."""
        return tuple(self._check(ctx, side, name) for name in self.timeframes)

    def _check(self, ctx: Context, side: Side, name: str) -> Check:
        found = structure(ctx, timeframe_seconds(name), self.structure_bars)
        return at_least(f"structure_{name}", side * found, 0.0)
