"""What was traded in the last seconds, by aggressor (FLOW-01, 12, 38, 39, 40, 41)."""

from math import log, nan

import msgspec

from undertow.flow.imbalance import ratio_strength


class TradeWindow(msgspec.Struct, frozen=True, gc=False):
    """Sums over the last `seconds` whole seconds of event time, the current one included.

    The last second is the one of the source's progress, so the window covers between seconds - 1
    and seconds of time. covered_seconds: how many of them lie after the instrument's first trade.
    tick_lots: sum of price ticks * lots. large_*: lots of trades above 10 times the average size of
    the last 5 minutes. effective_ticks: sum over `effective_trades` of the effective spread in
    ticks."""

    seconds: int
    covered_seconds: int
    buy_lots: int
    sell_lots: int
    buy_trades: int
    sell_trades: int
    tick_lots: float
    large_buy_lots: int
    large_sell_lots: int
    effective_ticks: int = 0
    effective_trades: int = 0
    least_trades: int = 5

    @property
    def trades(self) -> int:
        """Trades of both sides."""
        return self.buy_trades + self.sell_trades

    @property
    def lots(self) -> int:
        """Volume of both sides."""
        return self.buy_lots + self.sell_lots

    @property
    def ratio(self) -> float:
        """buy / sell volume; NaN with fewer than `least_trades` trades or a side without any.

        One-sided windows have no ratio but an `imbalance` of +1 or -1.
        """
        if self.trades < self.least_trades or not self.buy_lots or not self.sell_lots:
            return nan
        return self.buy_lots / self.sell_lots

    @property
    def log_ratio(self) -> float:
        """Logarithm of the ratio: symmetric, 0 = balanced; NaN where the ratio is."""
        return log(self.buy_lots) - log(self.sell_lots) if self.ratio == self.ratio else nan

    @property
    def imbalance(self) -> float:
        """(buy - sell) / (buy + sell), -1 to 1; NaN with fewer than `least_trades` trades."""
        if self.trades < self.least_trades:
            return nan
        return (self.buy_lots - self.sell_lots) / self.lots

    @property
    def strength(self) -> float:
        """min(max(ratio, 1 / ratio) / 5, 1): the same for 3:1 and 1:3; NaN where the ratio is."""
        return ratio_strength(self.ratio)

    @property
    def avg_buy_lots(self) -> float:
        """Average aggressive buy; NaN without one."""
        return self.buy_lots / self.buy_trades if self.buy_trades else nan

    @property
    def avg_sell_lots(self) -> float:
        """Average aggressive sell; NaN without one."""
        return self.sell_lots / self.sell_trades if self.sell_trades else nan

    @property
    def per_second(self) -> float:
        """Trades per second over the whole window."""
        return self.trades / self.seconds

    @property
    def vwap_ticks(self) -> float:
        """Volume-weighted average price in ticks; NaN without trades."""
        return self.tick_lots / self.lots if self.lots else nan

    @property
    def effective_spread_ticks(self) -> float:
        """Mean of 2 * side * (price - mid) in ticks, over trades with a known mid; NaN without."""
        return self.effective_ticks / self.effective_trades if self.effective_trades else nan
