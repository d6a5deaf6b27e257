"""Stops: where a position is given up. Never absent, never widened (RISK-11, 12, 48).

All distances are parts per million of a price; prices are ticks. Rounding is always toward the
position (a long's stop up, a short's down), so that a stop is never farther than asked.
"""

from enum import StrEnum

import msgspec

from undertow.domain.side import Side

PPM = 1_000_000


class StopKind(StrEnum):
    """How a stop's distance was found."""

    FIXED = "fixed"
    TRAILING = "trailing"
    ATR = "atr"


class StopLoss(msgspec.Struct, frozen=True, gc=False):
    """A stop price with where it came from; `distance_ticks` is from its reference price."""

    price_ticks: int
    kind: StopKind
    distance_ticks: int


def ppm_stop(side: Side, reference_ticks: int, distance_ppm: int) -> StopLoss:
    """A stop at a share of the reference price: 5_000 ppm below a long's 51_500 is 51_242.5."""
    distance = reference_ticks * distance_ppm // PPM
    return StopLoss(reference_ticks - side * distance, StopKind.FIXED, distance)


def atr_stop(side: Side, reference_ticks: int, atr_ticks: float, multiple: float) -> StopLoss:
    """A stop `multiple` average true ranges away (mirror for shorts, D-48)."""
    distance = max(1, int(atr_ticks * multiple))
    return StopLoss(reference_ticks - side * distance, StopKind.ATR, distance)


def capped_stop(side: Side, reference_ticks: int, stop_ticks: int, max_ppm: int) -> int:
    """The stop itself, or the widest one allowed when it is farther than `max_ppm`."""
    widest = ppm_stop(side, reference_ticks, max_ppm).price_ticks
    return max(stop_ticks, widest) if side is Side.BUY else min(stop_ticks, widest)


def trailing_stop(side: Side, extreme_ticks: int, stop_ticks: int, trail_ppm: int) -> StopLoss:
    """The stop after the best price became `extreme_ticks`: it never widens.

    `stop_ticks` is the stop that stands, 0 when none does.
    """
    fresh = ppm_stop(side, extreme_ticks, trail_ppm)
    if stop_ticks and side * (fresh.price_ticks - stop_ticks) <= 0:
        return StopLoss(stop_ticks, StopKind.TRAILING, abs(extreme_ticks - stop_ticks))
    return StopLoss(fresh.price_ticks, StopKind.TRAILING, fresh.distance_ticks)
