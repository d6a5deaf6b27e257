"""Where a bar closed within its range, as conviction (FLOW-29). Closed bars only."""

from math import nan

import numpy as np


def close_location(bar: np.void) -> float:
    """(close - low) / (high - low), 0 to 1; NaN for a bar without range."""
    high, low = int(bar["high_ticks"]), int(bar["low_ticks"])
    if high == low:
        return nan
    return (int(bar["close_ticks"]) - low) / (high - low)


def close_strength(bar: np.void) -> float:
    """-1 (closed at its low) to +1 (at its high); NaN for a bar without range."""
    return 2.0 * close_location(bar) - 1.0
