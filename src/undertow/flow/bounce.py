"""Bounce score: how convincingly the last minute left a zone (FLOW-30).

Mean of four parts, each 0 to 1: wick share of the range on the zone's side, location of the close,
agreement of delta, speed of the last seconds in ATR. Closed bars only, and the last trade price.
"""

from math import nan

import msgspec

from undertow.domain.side import Side
from undertow.flow.close_strength import close_location
from undertow.flow.flow_view import FlowView
from undertow.flow.speed import speed
from undertow.flow.sufficiency import Shortfall, shortfall

SPEED_S = 15


class Bounce(msgspec.Struct, frozen=True, gc=False):
    """side: the asked side when strength exceeds the trigger and the price left the zone, else 0.

    strength: 0 to 1, NaN when insufficient. wick_share, close_location, delta_agreement, speed:
    the four parts, direction-signed (1 = fully for the side). is_leaving_zone: the last closed
    minute reached into the zone and the last price is beyond its edge on our side. `shortfall` says
    what was missing, if any.
    """

    side: int
    strength: float
    wick_share: float
    close_location: float
    delta_agreement: float
    speed: float
    is_leaving_zone: bool
    is_sufficient: bool
    shortfall: Shortfall | None = None


def bounce(
    flow: FlowView,
    side: Side,
    zone_low: float,
    zone_high: float,
    atr_ticks: float,
    *,
    trigger: float = 0.7,
) -> Bounce:
    """The bounce of `side` off a zone in ticks (a demand zone, a value area edge or any other).

    Needs a closed minute with a range, 15 closed seconds and an ATR.
    """
    bars = flow.bars(60, 1)
    rush = side * speed(flow, SPEED_S, atr_ticks)
    missing = _missing(flow, atr_ticks)
    if missing is not None:
        return Bounce(0, nan, nan, nan, nan, nan, False, False, missing)
    bar = bars[-1]
    opened, close = int(bar["open_ticks"]), int(bar["close_ticks"])
    high, low = int(bar["high_ticks"]), int(bar["low_ticks"])
    delta = side * (int(bar["buy_lots"]) - int(bar["sell_lots"]))
    location = close_location(bar)
    if side is Side.BUY:
        wick, is_out = min(opened, close) - low, flow.last_ticks > zone_high
    else:
        wick, is_out = high - max(opened, close), flow.last_ticks < zone_low
        location = 1.0 - location
    parts = (wick / (high - low), location, 1.0 if delta > 0 else 0.0, min(max(rush, 0.0), 1.0))
    strength = (parts[0] + parts[1] + parts[2] + parts[3]) / 4.0
    is_leaving = low <= zone_high and high >= zone_low and is_out
    fired = strength > trigger and is_leaving
    return Bounce(int(side) if fired else 0, strength, *parts, is_leaving, True)


def _missing(flow: FlowView, atr_ticks: float) -> Shortfall | None:
    bars = flow.bars(60, 1)
    found = int(bars[-1]["high_ticks"] - bars[-1]["low_ticks"]) if len(bars) else 0
    return (
        shortfall("closed minutes", len(bars), 1)
        or shortfall("ticks of range of the last minute", found, 1)
        or shortfall("closed seconds", len(flow.bars(1, SPEED_S)), SPEED_S)
        or shortfall("ATR of the minutes", int(atr_ticks > 0.0), 1)
    )
