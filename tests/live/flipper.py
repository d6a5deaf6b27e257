"""A strategy file as a user would write one: trades often, both ways."""

from undertow import Bar, Context, Side, Signal, Strategy


class Flipper(Strategy):
    """Long in even minutes, short in odd ones, for a few seconds at a time."""

    timeframe: str = "1s"
    hold_s: int = 7

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        """Enter at the fourth second of seven, leave at the seventh."""
        second = bar.open_time_ns // 10**9
        if ctx.position is not None:
            return ctx.exit("time") if second % self.hold_s == 0 else None
        side = Side.BUY if second // 60 % 2 == 0 else Side.SELL
        if ctx.can_short and second % self.hold_s == 3 and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price * (1 - side * 0.002), trail_ppm=2_000)
        return None
