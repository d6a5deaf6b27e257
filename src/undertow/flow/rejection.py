"""Rejection pattern: a long wick against a small body that closes at the far end (FLOW-26).

The pattern has a side; a caller that wants it to confirm a direction compares sides. Closed bars
only.
"""

from math import inf, nan

import msgspec
import numpy as np

from undertow.flow.close_strength import close_location

PATTERN_STRENGTH = 0.8


class Rejection(msgspec.Struct, frozen=True, gc=False):
    """side: +1 lower prices were rejected, -1 higher prices, 0 no pattern.

    strength: 0.8 for a pattern, else 0. wick_to_body: longer wick over body, inf for a body of 0.
    close_location: 0 at the low to 1 at the high. Both NaN for a bar without range.
    """

    side: int
    strength: float
    wick_to_body: float
    close_location: float


def rejection(bar: np.void, wick_to_body: float = 2.0, close_share: float = 0.2) -> Rejection:
    """Bullish: lower wick > 2 * body, close above open and in the top fifth; bearish mirrored."""
    opened, close = int(bar["open_ticks"]), int(bar["close_ticks"])
    high, low = int(bar["high_ticks"]), int(bar["low_ticks"])
    if high == low:
        return Rejection(0, 0.0, nan, nan)
    body = abs(close - opened)
    lower, upper = min(opened, close) - low, high - max(opened, close)
    side = 0
    if close > opened and lower > wick_to_body * body and high - close < close_share * (high - low):
        side = 1
    if close < opened and upper > wick_to_body * body and close - low < close_share * (high - low):
        side = -1
    return Rejection(
        side=side,
        strength=PATTERN_STRENGTH if side else 0.0,
        wick_to_body=max(lower, upper) / body if body else inf,
        close_location=close_location(bar),
    )
