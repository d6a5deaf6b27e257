"""Bars: prices and volumes of a stretch of event time, buy and sell volume apart."""

import msgspec
import numpy as np

from undertow.domain.time import NS_PER_S

BAR = np.dtype(
    [
        ("open_time_ns", np.int64),
        ("open_ticks", np.int64),
        ("high_ticks", np.int64),
        ("low_ticks", np.int64),
        ("close_ticks", np.int64),
        ("buy_lots", np.int64),
        ("sell_lots", np.int64),
        ("buy_trades", np.int64),
        ("sell_trades", np.int64),
        ("tick_lots", np.float64),
    ]
)
"""One bar. `tick_lots` is the sum of price_ticks * qty_lots, so VWAP = tick_lots / lots."""

TIMEFRAMES_S = (1, 60, 300, 900)
"""Bar lengths kept by the flow state, in seconds; the last dimension of bar arrays follows it."""

TIMEFRAME_NAMES = {1: "1s", 60: "1m", 300: "5m", 900: "15m"}


class Bar(msgspec.Struct, frozen=True, gc=False):
    """A finished bar. Its time is its open time; it is known only at `close_time_ns`.

    A stretch without trades is a flat bar at the last close with zero volume.
    """

    instrument: int
    timeframe_s: int
    open_time_ns: int
    open_ticks: int
    high_ticks: int
    low_ticks: int
    close_ticks: int
    buy_lots: int
    sell_lots: int
    buy_trades: int
    sell_trades: int
    tick_lots: float

    @property
    def close_time_ns(self) -> int:
        """First nanosecond after the bar."""
        return self.open_time_ns + self.timeframe_s * NS_PER_S

    @property
    def volume_lots(self) -> int:
        """Buy and sell volume together, in lots."""
        return self.buy_lots + self.sell_lots

    @property
    def delta_lots(self) -> int:
        """Buy less sell volume, in lots."""
        return self.buy_lots - self.sell_lots
