"""Prices that matter to one instrument: profile, walls, magnetic levels, structure."""

from math import nan

import msgspec
import numpy as np

from undertow.domain.side import Side
from undertow.flow.change_of_character import change_of_character
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.liquidation_map import LiquidationMap
from undertow.flow.magnetic_levels import magnetic_levels
from undertow.flow.swings import swing_trend, swings, trend_structure
from undertow.flow.volume_profile import volume_profile
from undertow.flow.walls import Wall

STRUCTURE_TIMEFRAME_S = 60
STRUCTURE_BARS = 360
MOST_WALLS = 6
LEAST_WALL_S = 3
MOST_LEVELS = 3


class ToldProfile(msgspec.Struct, frozen=True):
    """Volume by price of the last 15 minutes. poc, val, vah: quote units. rows: lower price, lots,
    whether it is of the value area; ascending. row_height: in quote units.
    """

    poc: float
    val: float
    vah: float
    shape: str
    location: str
    row_height: float
    rows: list[tuple[float, float, bool]]


class ToldWall(msgspec.Struct, frozen=True):
    """side: bid or ask. distance_bps: from the middle. persistence: 0 to 1; is_spoof_like: below
    one half.
    """

    side: str
    price: float
    distance_bps: float
    usd: float
    age_s: int
    persistence: float
    is_spoof_like: bool


class ToldLevel(msgspec.Struct, frozen=True):
    """A price that may hold or draw: what speaks for it, which side of the price it lies on.

    strength: 0 to 1. liquidation_usd: of the largest liquidation map there.
    """

    kind: str
    side: str
    price: float
    distance_bps: float
    strength: float
    liquidation_usd: float


class ToldStructure(msgspec.Struct, frozen=True):
    """On 1-minute bars. trend, swing_trend, bars_trend: +1, 0, -1. changes_at: a close beyond it
    changes the character, NaN without. last_break: words, "" without; break_age: bars since.
    """

    trend: int
    swing_trend: int
    bars_trend: int
    changes_at: float
    last_break: str
    break_age: int


def told_profile(flow: InstrumentFlow) -> ToldProfile | None:
    """None before any trade of the last 15 minutes."""
    if flow.source is None:
        return None
    ticks, lots = flow.price_volume(15)
    found = volume_profile(ticks, lots)
    if found is None:
        return None
    step = int(ticks[1] - ticks[0]) if len(ticks) > 1 else found.row_ticks
    price = flow.instrument.price_float
    inside = (ticks >= found.val_ticks) & (ticks <= found.vah_ticks)
    lows = [price(low) for low in ticks.tolist()]
    rows = zip(lows, lots.tolist(), inside.tolist(), strict=True)
    return ToldProfile(
        poc=price(found.poc_ticks),
        val=price(found.val_ticks),
        vah=price(found.vah_ticks + found.row_ticks),
        shape=found.shape.value,
        location=found.location(flow.last_ticks).value,
        row_height=price(step),
        rows=list(rows),
    )


def told_walls(flow: InstrumentFlow) -> tuple[ToldWall, ...]:
    """Walls that have rested for a few seconds, spoof-like ones too, the largest first."""
    middle = _middle(flow)
    return tuple(
        ToldWall(
            side="bid" if wall.side is Side.BUY else "ask",
            price=wall.price,
            distance_bps=_bps(wall.price, middle),
            usd=wall.usd,
            age_s=wall.age_s,
            persistence=wall.persistence,
            is_spoof_like=wall.is_spoof_like,
        )
        for wall in [wall for wall in flow.tracked_walls() if _is_told(wall)][:MOST_WALLS]
    )


def _is_told(wall: Wall) -> bool:
    # One that was only just seen says nothing yet.
    return wall.is_resting and wall.age_s >= LEAST_WALL_S


def told_levels(flow: InstrumentFlow, maps: tuple[LiquidationMap, ...]) -> tuple[ToldLevel, ...]:
    """The magnetic levels nearest to the price, above and below, the highest first; `maps` are of
    the asset's liquidations.
    """
    found = magnetic_levels(flow, maps=maps)
    above = sorted(found.above(found.price)[:MOST_LEVELS], key=lambda level: -level.price)
    near = [("above", level) for level in above]
    near += [("below", level) for level in found.below(found.price)[:MOST_LEVELS]]
    return tuple(
        ToldLevel(
            kind=" + ".join(dict.fromkeys(piece.kind.value for piece in level.evidence)),
            side=where,
            price=level.price,
            distance_bps=_bps(level.price, found.price),
            strength=level.strength,
            liquidation_usd=level.liquidation_usd,
        )
        for where, level in near
    )


def told_structure(flow: InstrumentFlow) -> ToldStructure:
    """As of the last closed minute."""
    bars = flow.bars(STRUCTURE_TIMEFRAME_S, STRUCTURE_BARS)
    state = change_of_character(bars)
    price, digits = flow.instrument.price_float, flow.instrument.price_step.digits
    last = state.last_break
    words = ""
    if last is not None:
        way = "up" if last.side > 0 else "down"
        kind = "change of character" if last.is_change else "break"
        words = f"{kind} {way} through {price(last.level_ticks):,.{digits}f}"
    return ToldStructure(
        trend=state.trend,
        swing_trend=swing_trend(swings(bars)),
        bars_trend=trend_structure(bars),
        changes_at=price(state.level_ticks) if state.level_ticks is not None else nan,
        last_break=words,
        break_age=state.age_bars,
    )


def profile_steps(told: ToldProfile, most: int) -> list[tuple[float, float, float, bool, bool]]:
    """The profile in at most so many steps, the highest price first: lower price, upper price,
    lots, whether the value area reaches into it, whether it holds the point of control.
    """
    count = len(told.rows)
    each = max(1, -(-count // max(most, 1)))
    steps = []
    for start in range(0, count, each):
        part = told.rows[start : start + each]
        low, high = part[0][0], part[-1][0] + told.row_height
        held = low - told.row_height / 2 < told.poc < high - told.row_height / 2
        lots = float(np.sum([row[1] for row in part]))
        steps.append((low, high, lots, any(row[2] for row in part), held))
    return steps[::-1]


def _middle(flow: InstrumentFlow) -> float:
    middle = flow.mid_price
    return middle if middle == middle else flow.last_price


def _bps(price: float, middle: float) -> float:
    return (price / middle - 1.0) * 1e4 if middle > 0.0 else nan
