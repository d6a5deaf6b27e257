"""The last seconds as one bar, so that a check every 2 seconds need not wait for a minute to close.

The bar is made of closed one-second bars and ends at the last of them.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.flow.flow_view import FlowView, WindowView


def rolling_bar(flow: FlowView, seconds: int) -> NDArray[np.void]:
    """The last closed `seconds` as one bar: shape (1,), or (0,) before that many have closed."""
    parts = flow.bars(1, seconds)
    if len(parts) < seconds:
        return np.empty(0, dtype=BAR)
    whole = np.zeros(1, dtype=BAR)
    for name in ("open_time_ns", "open_ticks"):
        whole[name] = parts[name][0]
    whole["high_ticks"] = parts["high_ticks"].max()
    whole["low_ticks"] = parts["low_ticks"].min()
    whole["close_ticks"] = parts["close_ticks"][-1]
    for name in ("buy_lots", "sell_lots", "buy_trades", "sell_trades", "tick_lots"):
        whole[name] = parts[name].sum()
    return whole


class RollingView:
    """A flow whose last closed minute is the last `seconds`: analyses of the last minute then judge
    the seconds up to now.
    """

    def __init__(self, flow: FlowView, bar: NDArray[np.void]) -> None:
        self._flow = flow
        self._bar = bar

    @property
    def last_ticks(self) -> int:
        """The flow's own."""
        return self._flow.last_ticks

    @property
    def spread_bps(self) -> float:
        """The flow's own."""
        return self._flow.spread_bps

    def window(self, seconds: int) -> WindowView:
        """The flow's own."""
        return self._flow.window(seconds)

    def bars(self, timeframe_s: int, count: int) -> NDArray[np.void]:
        """The rolling bar when one minute is asked for, else the flow's own."""
        if timeframe_s == 60 and count == 1:
            return self._bar
        return self._flow.bars(timeframe_s, count)
