"""A zone ahead of the trade to run to: supply above a long, demand below a short (DEC-07; D-24)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, noted
from undertow.decision.context import Context
from undertow.decision.signal_filter import points_verdict
from undertow.decision.zone_source import ZoneSource
from undertow.domain.intent import Verdict
from undertow.domain.side import Side


class TargetZoneFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All points when an unbroken opposing zone lies ahead, none otherwise."""

    name: ClassVar[str] = "target_zone"
    weight: float = 0.5
    zones: ZoneSource = ZoneSource()

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Look for the nearest target."""
        target = self.zones.target(ctx, side)
        if target is None:
            return points_verdict(self.name, 0.0, self.weight, "none", [holds("target", False)])
        checks = (holds("target", True), noted("away_ticks", float(target.away_ticks)))
        return points_verdict(self.name, self.weight, self.weight, "target", checks)
