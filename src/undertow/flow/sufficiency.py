"""How much data an analysis needs before it may speak (FLOW-46).

Below the minimum an analysis answers `is_sufficient` False, side 0 and NaN: never a number that
looks like one. `Shortfall` says what was missing, for the data-quality event of the caller.
"""

import msgspec

from undertow.flow.flow_view import FlowView, WindowView

LEAST_TRADES = 5
"""Trades in a window before a ratio of its sides means anything."""

LEAST_SAMPLES = 60
"""Samples before a slope or a score against history."""

LEAST_WARMUP = 200
"""Bars before a strategy that learns from history decides."""


class Shortfall(msgspec.Struct, frozen=True, gc=False):
    """What was too little: `found` of `required` samples of `metric`."""

    metric: str
    found: int
    required: int

    @property
    def reason(self) -> str:
        """One line for a log."""
        return f"expected at least {self.required} {self.metric}, found {self.found}"


def shortfall(metric: str, found: int, required: int) -> Shortfall | None:
    """The shortfall of a count, None when there is enough."""
    return Shortfall(metric, found, required) if found < required else None


def trades_of(window: WindowView) -> int:
    """Trades of both sides in a window."""
    return window.buy_trades + window.sell_trades


def trades_shortfall(
    flow: FlowView, seconds: int, least_trades: int = LEAST_TRADES
) -> Shortfall | None:
    """Whether a window of the last `seconds` has too few trades."""
    found = trades_of(flow.window(seconds))
    return shortfall(f"trades in {seconds} s", found, least_trades)
