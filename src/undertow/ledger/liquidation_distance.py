"""How far a position is from its liquidation, and what that asks of us (RISK-10)."""

from enum import StrEnum
from math import isnan, nan

from undertow.domain.side import Side

BUFFER_WANTED = 0.5
BUFFER_LEAST = 0.3


class BufferVerdict(StrEnum):
    """KEEP: the buffer is as wanted. HOLD: nothing may be added. REDUCE: too close."""

    KEEP = "keep"
    HOLD = "hold"
    REDUCE = "reduce"


def liquidation_distance(side: Side, mark: float, liquidation_price: float) -> float:
    """The adverse move to the liquidation price, a share of the mark; negative when it is passed.

    NaN where there is no liquidation price.
    """
    if isnan(liquidation_price) or mark <= 0:
        return nan
    return side * (mark - liquidation_price) / mark


def margin_buffer(maintenance: float, equity: float) -> float:
    """(equity - maintenance) / equity: the share of the equity that can be lost before liquidation
    begins. NaN without equity.
    """
    return (equity - maintenance) / equity if equity > 0 else nan


def judge_buffer(
    buffer: float, *, wanted: float = BUFFER_WANTED, least: float = BUFFER_LEAST
) -> BufferVerdict:
    """Keep at `wanted` or more, reduce below `least` or when the buffer is unknown."""
    if isnan(buffer) or buffer < least:
        return BufferVerdict.REDUCE
    return BufferVerdict.KEEP if buffer >= wanted else BufferVerdict.HOLD


def is_stop_inside(side: Side, stop: float, liquidation_price: float) -> bool:
    """True when the stop is met before the liquidation; always, when nothing liquidates."""
    return isnan(liquidation_price) or side * (stop - liquidation_price) > 0
