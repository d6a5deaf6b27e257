"""Level 2: surveillance zones (DEC-13; U-06, C-32). A zone is where to look, never a signal."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, noted, verdict
from undertow.decision.context import Context
from undertow.decision.gap_source import GapSource
from undertow.decision.location import Location, PlaceKind
from undertow.decision.nearness import Nearness
from undertow.decision.zone_source import ZoneSource
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.volume_profile import ProfileLocation, volume_profile
from undertow.flow.zones import zone_at

_GAP_STRENGTH = 0.6
_EDGE_STRENGTH = 0.5


class ZoneLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Price must be at a demand zone (supply for a short), at a fair value gap of its side, or at
    the edge of the value area it would buy (sell) from.

    zones, gaps: where they are sought; broken zones do not count (DEC-16). near: how near is at.
    profile_minutes: look-back of the value area, 0 = not used. Strength is the zone's own (1 fresh,
    0.7 tested once or twice, 0.4 more often), 0.6 for a gap, 0.5 for an edge.
    """

    name: ClassVar[str] = "zone"
    zones: ZoneSource = ZoneSource()
    gaps: GapSource = GapSource()
    near: Nearness = Nearness()
    profile_minutes: int = 15

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the place of the last price for one side."""
        place = self.find(ctx, side)
        if place is None:
            tolerance = noted("tolerance_ticks", self.near.ticks(ctx))
            return verdict(self.name, [holds("at_zone", False), tolerance])
        checks = (
            holds("at_zone", True),
            noted(f"{place.kind}_low_ticks", float(place.low_ticks)),
            noted(f"{place.kind}_high_ticks", float(place.high_ticks)),
        )
        return verdict(self.name, checks, strength=place.strength)

    def find(self, ctx: Context, side: Side) -> Location | None:
        """The strongest place at the last price: zone, then gap, then value edge."""
        tolerance = self.near.ticks(ctx)
        zone = zone_at(self.zones.find(ctx), ctx.flow.last_ticks, side, tolerance)
        if zone is not None:
            return Location(PlaceKind.ZONE, zone.low_ticks, zone.high_ticks, zone.strength / 100.0)
        gap = self.gaps.at_price(ctx, side, tolerance)
        if gap is not None:
            return Location(PlaceKind.GAP, gap.low_ticks, gap.high_ticks, _GAP_STRENGTH)
        return self._value_edge(ctx, side, tolerance)

    def _value_edge(self, ctx: Context, side: Side, tolerance: float) -> Location | None:
        if not self.profile_minutes:
            return None
        profile = volume_profile(*ctx.flow.price_volume(self.profile_minutes))
        ticks = ctx.flow.last_ticks
        if profile is None:
            return None
        edge = ProfileLocation.AT_VAL if side is Side.BUY else ProfileLocation.AT_VAH
        if profile.location(ticks, tolerance / ticks) is not edge:
            return None
        top = profile.vah_ticks + profile.row_ticks - 1
        at, near = profile.val_ticks if side is Side.BUY else top, round(tolerance)
        return Location(PlaceKind.VALUE_EDGE, at - near, at + near, _EDGE_STRENGTH)
