"""A zone at the back of the trade: demand under a long, supply over a short (DEC-06; D-24)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, noted
from undertow.decision.context import Context
from undertow.decision.nearness import Nearness
from undertow.decision.signal_filter import points_verdict
from undertow.decision.zone_source import ZoneSource
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.zones import zone_at

_TESTED_LIMIT = 2


class DefendedZoneFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Full points at a fresh zone, half at one tested once or twice, none otherwise.

    zones: where zones are sought. near: how near is at one.
    """

    name: ClassVar[str] = "defended_zone"
    weight: float = 2.0
    zones: ZoneSource = ZoneSource()
    near: Nearness = Nearness()

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Judge the zone at the last price."""
        found = self.zones.find(ctx)
        zone = zone_at(found, ctx.flow.last_ticks, side, self.near.ticks(ctx))
        if zone is None:
            return points_verdict(self.name, 0.0, self.weight, "none", [holds("zone", False)])
        points, reason = 0.0, "worn"
        if zone.tests == 0:
            points, reason = self.weight, "fresh"
        elif zone.tests <= _TESTED_LIMIT:
            points, reason = self.weight / 2.0, "tested"
        checks = (
            holds("zone", True),
            noted("low_ticks", float(zone.low_ticks)),
            noted("high_ticks", float(zone.high_ticks)),
            noted("tests", float(zone.tests)),
        )
        return points_verdict(self.name, points, self.weight, reason, checks)
