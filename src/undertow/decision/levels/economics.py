"""The move must pay for itself: expected move against fees, spread and slippage (DEC-29)."""

import math
from typing import ClassVar

import msgspec

from undertow.decision.conditions import at_least, noted, undefined, verdict
from undertow.decision.context import Context
from undertow.decision.flow_readings import atr_ticks
from undertow.decision.timeframe import timeframe_seconds
from undertow.decision.zone_source import ZoneSource
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.flow.spread import spread


class EconomicsLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The expected move must be at least `cost_multiple` times the cost of the round trip.

    Expected: `atrs` average true ranges of `timeframe`, or the way to the nearest opposing zone of
    `zones` when that is shorter. Cost: taker fee in and out, the spread once, `slippage_bps` for
    both ways together. All in basis points of the last price.
    """

    name: ClassVar[str] = "economics"
    timeframe: str = "15m"
    atrs: float = 1.0
    atr_period: int = 14
    slippage_bps: float = 2.0
    cost_multiple: float = 1.5
    zones: ZoneSource = ZoneSource()

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the economics of one side."""
        fees_bps = 2 * ctx.instrument.fees.taker_ppm / 100
        spread_bps = spread(ctx.flow).bps
        cost_bps = fees_bps + spread_bps + self.slippage_bps
        checks = (
            noted("cost_bps", cost_bps) if cost_bps == cost_bps else undefined("cost_bps"),
            at_least("expected_bps", self._expected_bps(ctx, side), self.cost_multiple * cost_bps),
            noted("fees_bps", fees_bps),
            noted("spread_bps", spread_bps),
        )
        return verdict(self.name, checks)

    def _expected_bps(self, ctx: Context, side: Side) -> float:
        by_range = self.atrs * atr_ticks(ctx, timeframe_seconds(self.timeframe), self.atr_period)
        if by_range != by_range:
            return by_range
        target = self.zones.target(ctx, side)
        away = math.inf if target is None else float(target.away_ticks)
        return min(by_range, away) / ctx.flow.last_ticks * 1e4
