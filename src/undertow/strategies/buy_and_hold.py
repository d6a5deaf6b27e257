"""Buy once and hold: what any other strategy should be compared with."""

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.intent import Signal
from undertow.domain.side import Side


class BuyAndHold(Strategy):
    """Long at the first bar, and never out but by the stop.

    stop_share: distance of the stop as a share of the price; 0 = none, which risk allows only in a
    research backtest. symbol: the only one to buy, such as BTC/USDT; empty = every instrument that
    is settled in money.
    """

    stop_share: float = 0.0
    symbol: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0.0 <= self.stop_share < 1.0:
            raise ConfigurationError(
                f"expected stop_share of at least 0 and below 1, found {self.stop_share}"
            )

    def wants(self, instrument: Instrument) -> bool:
        """The symbol that was asked for, else everything but inverse contracts."""
        if self.symbol:
            return instrument.symbol == self.symbol
        return instrument.kind is not MarketKind.INVERSE

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        """Enter when there is nothing yet."""
        if not ctx.can_enter(Side.BUY):
            return None
        stop = ctx.price * (1.0 - self.stop_share) if self.stop_share else None
        return ctx.enter(Side.BUY, stop=stop, reason="hold")
