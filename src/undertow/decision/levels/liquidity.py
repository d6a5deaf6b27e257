"""The gate before the levels: is this market worth looking at (DEC-31)?"""

from typing import ClassVar

import msgspec
import numpy as np

from undertow.decision.conditions import at_least, at_most, holds, undefined, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Check, Verdict
from undertow.domain.side import Side
from undertow.flow.spread import spread


class LiquidityLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The feed is healthy, the spread small, trading frequent, and the book deep where it is known.

    max_spread_bps: of the quotes, or Roll's estimate from trades without quotes.
    minutes, min_trades: least number of trades in the last closed minutes together.
    min_depth_quote, depth_levels: least value resting on each side over that many levels, in quote
    money; 0 = not asked, as signals need no book (C-01).
    """

    name: ClassVar[str] = "liquidity"
    max_spread_bps: float = 5.0
    minutes: int = 5
    min_trades: int = 30
    min_depth_quote: float = 0.0
    depth_levels: int = 10

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the market; the same for both sides."""
        flow = ctx.flow
        checks = [
            holds("healthy", flow.is_healthy and flow.last_ticks > 0),
            ctx.cached(self, 60, lambda: self._busy(ctx)),
        ]
        if all(check.passed for check in checks):
            checks.append(at_most("spread_bps", spread(flow).bps, self.max_spread_bps))
            if self.min_depth_quote:
                checks.append(at_least("depth_quote", self._depth(ctx), self.min_depth_quote))
        return verdict(self.name, checks)

    def _busy(self, ctx: Context) -> Check:
        bars = ctx.flow.bars(60, self.minutes)
        if len(bars) < self.minutes:
            return undefined("trades", float(self.min_trades))
        trades = int(bars["buy_trades"].sum() + bars["sell_trades"].sum())
        return at_least("trades", float(trades), float(self.min_trades))

    def _depth(self, ctx: Context) -> float:
        # The thinner side's value; NaN without a book.
        if not ctx.flow.has_book:
            return float("nan")
        return min(self._side_value(ctx, side) for side in (Side.BUY, Side.SELL))

    def _side_value(self, ctx: Context, side: Side) -> float:
        rows = ctx.flow.depth(side, self.depth_levels)
        if not len(rows):
            return 0.0
        lots = int(rows[:, 1].sum())
        ticks = round(float(np.average(rows[:, 0], weights=rows[:, 1])))
        return float(ctx.instrument.notional(ticks, lots))
