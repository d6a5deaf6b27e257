"""The agreement of timeframes as points: more aligned, higher score (DEC-18)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import noted
from undertow.decision.context import Context
from undertow.decision.levels.alignment import AlignmentLevel
from undertow.decision.signal_filter import points_verdict
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class TimeframesFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`weight` times the share of timeframes that have the trade's structure."""

    name: ClassVar[str] = "timeframes"
    weight: float = 1.0
    timeframes: tuple[str, ...] = ("1m", "5m", "15m")
    structure_bars: int = 3

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """More aligned, more points."""
        checks = AlignmentLevel(self.timeframes, self.structure_bars).checks(ctx, side)
        aligned = sum(check.value > 0.0 for check in checks)
        share = aligned / len(checks) if checks else 0.0
        kept = [noted(check.name, check.value) if check.passed else check for check in checks]
        return points_verdict(self.name, share * self.weight, self.weight, "aligned", kept)
