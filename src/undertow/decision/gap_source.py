"""Where fair value gaps are sought; found once per closed bar."""

import msgspec

from undertow.decision.context import Context
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_HOUR
from undertow.flow.fair_value_gap import FairValueGap, find_fair_value_gaps, gap_at


class GapSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last `bars` bars of a timeframe. least_gap: height as a share of the price (0.2 %).
    max_age_hours: older gaps have expired.
    """

    timeframe: str = "15m"
    bars: int = 96
    least_gap: float = 0.002
    max_age_hours: int = 24

    def find(self, ctx: Context) -> tuple[FairValueGap, ...]:
        """Every open gap."""
        timeframe_s = timeframe_seconds(self.timeframe)
        return ctx.cached(
            self,
            timeframe_s,
            lambda: find_fair_value_gaps(
                ctx.flow.bars(timeframe_s, self.bars),
                self.least_gap,
                most_age_ns=self.max_age_hours * NS_PER_HOUR,
            ),
        )

    def at_price(self, ctx: Context, side: Side, tolerance: float) -> FairValueGap | None:
        """The newest open gap of the trade's own direction that holds the last price."""
        return gap_at(self.find(ctx), ctx.flow.last_ticks, side, tolerance)
