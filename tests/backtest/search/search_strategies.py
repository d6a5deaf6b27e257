"""Strategies whose parameters are searched; importable, so that worker processes find them."""

import os
import signal

from undertow.decision.bar_columns import BarColumns
from undertow.decision.context import Context
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.intent import Signal
from undertow.domain.parameter import boolean, categorical, decimal, integer
from undertow.domain.side import Side
from undertow.indicators.averages import Ema, Sma
from undertow.indicators.indicator import Indicator


class Searched(Strategy):
    """Long while the fast average is above the slow one by a margin."""

    timeframe: str = "1h"
    fast: int = integer(2, 6, default=3)
    slow: int = integer(8, 20, default=8, step=4, space="sell")
    margin: float = decimal(0.0, 0.02, default=0.0, decimals=2)
    average: str = categorical(("sma", "ema"), default="sma", space="sell")
    unused: bool = boolean(default=True, is_searched=False)

    def indicators(self) -> dict[str, Indicator]:
        if self.average == "ema":
            return {"fast": Ema(self.fast), "slow": Ema(self.slow)}
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if ctx["fast"] > ctx["slow"] * (1.0 + self.margin / 100.0):
            return ctx.enter(Side.BUY) if ctx.position is None else None
        return ctx.exit("down") if ctx.position is not None else None

    def signals(self, bars: BarColumns) -> Signals:
        is_up = bars["fast"] > bars["slow"] * (1.0 + self.margin / 100.0)
        return Signals(long_entry=is_up, long_exit=~is_up)


class Fragile(Searched):
    """Raises with the shortest average, and takes its process along with one set."""

    def indicators(self) -> dict[str, Indicator]:
        if self.fast == 2:
            raise ValueError("too short")
        if self.fast == 6 and self.margin == 0.01:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().indicators()


class Plain(Strategy):
    """Declares nothing."""
