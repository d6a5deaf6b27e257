"""A strategy in one file: long above the highest close of the last 20 minutes, short below the
lowest, with a stop two average ranges away that trails.

    undertow run --strategy examples/breakout.py:Breakout
"""

from collections.abc import Mapping

from undertow import Atr, Bar, Context, Side, Signal, Strategy
from undertow.indicators.indicator import Indicator


class Breakout(Strategy):
    """bars: how far back to look. stop_atrs: distance of the stop in average true ranges."""

    bars: int = 20
    stop_atrs: float = 2.0
    trail_ppm: int = 4_000

    def indicators(self) -> Mapping[str, Indicator]:
        return {"atr": Atr(14)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        closes = ctx.flow.bars(60, self.bars + 1)["close_ticks"][:-1]
        if len(closes) < self.bars:
            return None
        side = Side.BUY if bar.close_ticks > closes.max() else Side.SELL
        if closes.min() <= bar.close_ticks <= closes.max():
            return None
        if ctx.position is not None and ctx.position.side is not side:
            return ctx.exit("broke out on the other side")
        if ctx.can_enter(side):
            stop = ctx.price - side * self.stop_atrs * ctx["atr"]
            return ctx.enter(side, stop=stop, trail_ppm=self.trail_ppm, reason="breakout")
        return None
