"""The moving-average crossover (STRAT-16), as a first example of a strategy."""

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.intent import Signal
from undertow.indicators.averages import Ema
from undertow.indicators.indicator import Indicator
from undertow.indicators.volatility import Atr


class EmaCross(Strategy):
    """Long after the fast average crosses above the slow one, short after it crosses below.

    fast, slow: periods in bars. stop_atrs: distance of the stop in average true ranges. A crossing
    counts for two bars: on the first an opposite position is closed, on the second the new one can
    be opened.
    """

    fast: int = 12
    slow: int = 26
    stop_atrs: float = 2.0

    def indicators(self) -> dict[str, Indicator]:
        """Both averages and the range that sets the stop."""
        return {"fast": Ema(self.fast), "slow": Ema(self.slow), "atr": Atr(14)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        """Leave on the opposite cross, enter on a fresh one."""
        side = ctx.cross("fast", "slow", within=2)
        if side and ctx.position and ctx.position.side != side:
            return ctx.exit("crossed back")
        if side and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price - side * self.stop_atrs * ctx["atr"])
        return None
