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

TIMEFRAME_NAMES = {
    1: "1s",
    60: "1m",
    180: "3m",
    300: "5m",
    900: "15m",
    1_800: "30m",
    3_600: "1h",
    7_200: "2h",
    14_400: "4h",
    21_600: "6h",
    28_800: "8h",
    43_200: "12h",
    86_400: "1d",
    259_200: "3d",
    604_800: "1w",
}
"""Every bar length by its name. Those not in `TIMEFRAMES_S` are made where somebody asks for them.
"""

_WEEK_S = 604_800
_MONDAY_S = 4 * 86_400
"""Weeks begin on Monday; 1970 began on a Thursday."""


def bar_open_s(second: int, timeframe_s: int) -> int:
    """First second of the bar of that length that holds a second: whole multiples since 1970."""
    origin = _MONDAY_S if timeframe_s == _WEEK_S else 0
    return (second - origin) // timeframe_s * timeframe_s + origin


class Bar(msgspec.Struct, frozen=True, gc=False):
    """A finished bar. Its time is its open time; it is known only at `close_time_ns`.

    A stretch without trades is a flat bar at the last close with zero volume. Where recorded bars
    do not tell bought from sold volume, `has_sides` is False, each side has half of the volume and
    the counts of trades are negative.
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
    def has_sides(self) -> bool:
        """Whether bought and sold volume and the counts of trades are known."""
        return self.buy_trades >= 0

    @property
    def volume_lots(self) -> int:
        """Buy and sell volume together, in lots."""
        return self.buy_lots + self.sell_lots

    @property
    def delta_lots(self) -> int:
        """Buy less sell volume, in lots."""
        return self.buy_lots - self.sell_lots
