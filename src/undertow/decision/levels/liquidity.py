"""The gate before the levels: is this market worth looking at (DEC-31)?"""

from typing import ClassVar

import msgspec
import numpy as np

from undertow.decision.conditions import at_least, at_most, holds, verdict
from undertow.decision.context import Context
from undertow.domain.intent import Check, Verdict
from undertow.domain.side import Side
from undertow.flow.spread import spread
from undertow.flow.sufficiency import trades_of


class LiquidityLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The feed is healthy, the spread small, trading frequent, and the book deep where it is known.

    max_spread_bps: of the quotes, or Roll's estimate from trades without quotes.
    window_s, min_trades: least number of trades of the last seconds.
    min_depth_quote, depth_levels: least value resting on each side over that many levels, in quote
    money (quote units on inverse contracts); 0 = not asked, as signals need no book (C-01).
    """

    name: ClassVar[str] = "liquidity"
    max_spread_bps: float = 5.0
    window_s: int = 300
    min_trades: int = 30
    min_depth_quote: float = 0.0
    depth_levels: int = 10

    def judge(self, ctx: Context, side: Side) -> Verdict:
        """Judge the market; the same for both sides."""
        flow = ctx.flow
        window = flow.window(self.window_s)
        checks: list[Check] = [
            holds("healthy", flow.is_healthy and flow.last_ticks > 0),
            at_least("trades", float(trades_of(window)), float(self.min_trades)),
        ]
        if all(check.passed for check in checks):
            checks.append(at_most("spread_bps", spread(flow).bps, self.max_spread_bps))
            if self.min_depth_quote:
                checks.append(at_least("depth_quote", self._depth(ctx), self.min_depth_quote))
        return verdict(self.name, checks)

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
