"""What several pieces read from closed bars, worked out once per bar and shared by all of them.

Distances are in ticks. A number is NaN while its history is too short.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.decision.context import Context
from undertow.indicators.trend_structure import trend_structure
from undertow.indicators.volatility import atr

_ATR_RUN_IN = 8
"""Periods of bars given to a Wilder average: what came before then weighs less than 0.04 %."""


def column(bars: NDArray[np.void], name: str) -> NDArray[np.float64]:
    """One column of bars as contiguous floats."""
    return np.ascontiguousarray(bars[name], dtype=np.float64)


def last(values: NDArray[np.float64]) -> float:
    """The last number of a column, NaN of an empty one."""
    return float(values[-1]) if len(values) else float("nan")


def structure(ctx: Context, timeframe_s: int, count: int) -> float:
    """+1 when each of the last `count` bars made a higher high and low, -1 lower ones, else 0."""

    def compute() -> float:
        bars = ctx.flow.bars(timeframe_s, count)
        return last(trend_structure(column(bars, "high_ticks"), column(bars, "low_ticks"), count))

    return ctx.cached(("structure", timeframe_s, count), timeframe_s, compute)


def atr_ticks(ctx: Context, timeframe_s: int, period: int = 14) -> float:
    """Average true range in ticks of the last closed bar, NaN before `period + 1` bars."""

    def compute() -> float:
        bars = ctx.flow.bars(timeframe_s, period * _ATR_RUN_IN)
        highs, lows, closes = (
            column(bars, name) for name in ("high_ticks", "low_ticks", "close_ticks")
        )
        return last(atr(highs, lows, closes, period))

    return ctx.cached(("atr", timeframe_s, period), timeframe_s, compute)
