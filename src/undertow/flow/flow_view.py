"""What the analyses read of an instrument's flow: the past only, and nothing they could change."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Bars = NDArray[np.void]
"""Closed bars of one timeframe, `domain.bar.BAR`, oldest first, without a hole."""


class WindowView(Protocol):
    """Aggressive trades of the last whole seconds, by aggressor."""

    @property
    def buy_lots(self) -> int: ...
    @property
    def sell_lots(self) -> int: ...
    @property
    def buy_trades(self) -> int: ...
    @property
    def sell_trades(self) -> int: ...
    @property
    def large_buy_lots(self) -> int: ...
    @property
    def large_sell_lots(self) -> int: ...


class FlowView(Protocol):
    """One instrument's flow at this instant; `InstrumentFlow` is one."""

    @property
    def last_ticks(self) -> int: ...
    @property
    def spread_bps(self) -> float: ...
    def window(self, seconds: int) -> WindowView: ...
    def bars(self, timeframe_s: int, count: int) -> Bars: ...
