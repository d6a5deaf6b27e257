"""Where price stands in the market profile (DEC-03, FLOW-31; C-26, D-24)."""

from typing import ClassVar

import msgspec

from undertow.decision.conditions import holds, noted, undefined
from undertow.decision.context import Context
from undertow.decision.signal_filter import points_verdict
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.volume_profile import ProfileLocation, volume_profile


class MarketProfileFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Full points at the value-area edge a side buys or sells from: VAL for a long, VAH for a
    short. Inside the value area on the right side of the POC `inside_points`; else nothing.

    minutes: look-back, at most 15. tolerance: share of the price that still is "at" an edge.
    """

    name: ClassVar[str] = "market_profile"
    weight: float = 1.5
    inside_points: float = 0.5
    minutes: int = 15
    tolerance: float = 0.001

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Judge the place of the last price."""
        ticks = ctx.flow.last_ticks
        rows, lots = ctx.flow.price_volume(self.minutes)
        profile = volume_profile(rows, lots)
        if profile is None:
            return points_verdict(self.name, 0.0, self.weight, "", [undefined("profile")])
        place = profile.location(ticks, self.tolerance)
        edge = ProfileLocation.AT_VAL if side is Side.BUY else ProfileLocation.AT_VAH
        is_right = side * (profile.poc_ticks - ticks) >= 0
        points, reason = 0.0, "wrong_place"
        if place is edge:
            points, reason = self.weight, "at_edge"
        elif place is ProfileLocation.INSIDE and is_right:
            points, reason = self.inside_points, "inside_value"
        checks = (
            holds("at_edge", place is edge),
            noted("poc_ticks", float(profile.poc_ticks)),
            noted("val_ticks", float(profile.val_ticks)),
            noted("vah_ticks", float(profile.vah_ticks)),
        )
        return points_verdict(self.name, points, self.weight, reason, checks)
