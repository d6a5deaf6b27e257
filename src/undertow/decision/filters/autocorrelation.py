"""Whether returns persist or revert, as the trade's style wants (DEC-05, IND-20; C-84, D-25)."""

import math
from enum import StrEnum
from typing import ClassVar

import msgspec

from undertow.decision.conditions import above, noted
from undertow.decision.context import Context
from undertow.decision.flow_readings import column, last
from undertow.decision.signal_filter import points_verdict
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.intent import Verdict
from undertow.domain.side import Side
from undertow.indicators.return_autocorrelation import return_autocorrelation

TREND_THRESHOLD = 0.6
RANGE_THRESHOLD = 0.3
_SIGNIFICANCE = 1.96


class Style(StrEnum):
    """What the trade bets on: that moves go on, or that they come back."""

    TREND = "trend"
    REVERSION = "reversion"


class AutocorrelationFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First-order autocorrelation r of log returns of closed bars.

    TREND: full points when r > 0.6 and r is significant (above 1.96/sqrt(n)), else none (C-27).
    REVERSION: full when r < 0.3 (range or reversal), half up to 0.6, else none. Always signed: a
    strong negative r never speaks for a trend (D-25). `bars` closes give one return fewer.
    """

    name: ClassVar[str] = "autocorrelation"
    weight: float = 1.0
    style: Style = Style.TREND
    timeframe: str = "1m"
    bars: int = 60

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        """Judge the returns; the same for both sides."""
        timeframe_s = timeframe_seconds(self.timeframe)
        r = ctx.cached(
            (self.name, timeframe_s, self.bars), timeframe_s, lambda: self._r(ctx, timeframe_s)
        )
        significant = _SIGNIFICANCE / math.sqrt(self.bars - 1)
        points, reason = 0.0, "wrong_style"
        if self.style is Style.TREND:
            if r > max(TREND_THRESHOLD, significant):
                points, reason = self.weight, "trending"
            checks = [above("r", r, max(TREND_THRESHOLD, significant))]
        else:
            if r < RANGE_THRESHOLD:
                points, reason = self.weight, "ranging"
            elif r <= TREND_THRESHOLD:
                points, reason = self.weight / 2.0, "mixed"
            checks = [above("minus_r", -r, -RANGE_THRESHOLD)]
        checks.append(noted("significance", significant))
        return points_verdict(self.name, points, self.weight, reason, checks)

    def _r(self, ctx: Context, timeframe_s: int) -> float:
        closes = column(ctx.flow.bars(timeframe_s, self.bars), "close_ticks")
        return last(return_autocorrelation(closes, self.bars))
