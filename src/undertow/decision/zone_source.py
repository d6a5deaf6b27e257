"""Where zones are sought; found once per closed bar and shared by every piece that asks alike."""

import msgspec

from undertow.decision.context import Context
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.side import Side
from undertow.flow.zones import DEFAULT_RULES, Zone, ZoneRules, find_zones, zone_ahead


class Target(msgspec.Struct, frozen=True):
    """A zone that a trade runs into, and the way to the edge it meets first, in ticks (> 0)."""

    zone: Zone
    away_ticks: int


class ZoneSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last `bars` bars of a timeframe, and the rules that make and break a zone."""

    timeframe: str = "15m"
    bars: int = 192
    rules: ZoneRules = DEFAULT_RULES

    def find(self, ctx: Context) -> tuple[Zone, ...]:
        """Every zone, broken ones included."""
        timeframe_s = timeframe_seconds(self.timeframe)
        return ctx.cached(
            self, timeframe_s, lambda: find_zones(ctx.flow.bars(timeframe_s, self.bars), self.rules)
        )

    def target(self, ctx: Context, side: Side) -> Target | None:
        """The nearest opposing zone ahead of a trade."""
        ticks = ctx.flow.last_ticks
        ahead = zone_ahead(self.find(ctx), ticks, side)
        if ahead is None:
            return None
        edge = ahead.low_ticks if side is Side.BUY else ahead.high_ticks
        return Target(ahead, side * (edge - ticks))
