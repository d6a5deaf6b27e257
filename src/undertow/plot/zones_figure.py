"""Candles with supply and demand zones, fair value gaps, swing points and structure breaks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.flow.change_of_character import (
    DEFAULT_STRUCTURE,
    StructureBreak,
    StructureRules,
    change_of_character,
    structure_breaks,
)
from undertow.flow.fair_value_gap import FairValueGap, find_fair_value_gaps
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.swings import Swing, swings
from undertow.flow.zones import DEFAULT_RULES, Zone, ZoneRules, ZoneStatus, find_zones
from undertow.plot.drawing import Curve, Drawing, Level, Mark, Panel, Points, Region, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import PriceBars, price_bars

_LEAST_ROOM = 0.1


def zones(
    source: InstrumentFlow | NDArray[Any],
    timeframe_s: int = 900,
    count: int = 180,
    *,
    rules: ZoneRules = DEFAULT_RULES,
    structure: StructureRules = DEFAULT_STRUCTURE,
    least_gap: float = 0.002,
    tick: float = 1.0,
) -> Figure:
    """Structure of an instrument's flow, or of a `BAR` array with this tick.

    A zone or gap is drawn from the moment it was known. Broken zones are faint.
    """
    drawn = price_bars(source, timeframe_s, count, tick)
    marks: list[Mark] = [drawn.candles]
    marks += _zones(drawn, find_zones(drawn.rows, rules))
    marks += _gaps(drawn, find_fair_value_gaps(drawn.rows, least_gap))
    marks += _points(drawn, swings(drawn.rows, structure.swing_strength))
    marks += _breaks(drawn, structure_breaks(drawn.rows, structure))
    state = change_of_character(drawn.rows, structure)
    if state.level_ticks is not None:
        marks.append(Level(drawn.price(state.level_ticks), "changes at", Ink.MARK))
    trend = {1: "up", -1: "down", 0: "none yet"}[state.trend]
    title = f"{drawn.name or 'Structure'}, {drawn.length_name} bars: structure {trend}"
    subtitle = "swing points are known only when confirmed; zones and gaps start where they did"
    return Figure(Drawing(title, (Panel(drawn.price_label, tuple(marks)),), subtitle))


def _zones(drawn: PriceBars, found: tuple[Zone, ...]) -> list[Mark]:
    marks: list[Mark] = []
    named: set[Ink] = set()
    for zone in found:
        ink = Ink.BUY if zone.side > 0 else Ink.SELL
        is_broken = zone.status is ZoneStatus.BROKEN
        label = "" if is_broken or ink in named else f"{zone.kind.value} zone"
        named |= set() if is_broken else {ink}
        note = "" if is_broken else _note(drawn, zone.created_ns, f"strength {zone.strength}")
        edges = (drawn.price(zone.low_ticks), drawn.price(zone.high_ticks))
        strength = 0.07 if is_broken else 0.22
        marks.append(Region(zone.created_ns, drawn.end_ns, *edges, ink, label, note, strength))
    return marks


def _gaps(drawn: PriceBars, found: tuple[FairValueGap, ...]) -> list[Mark]:
    marks: list[Mark] = []
    for place, gap in enumerate(found):
        edges = (drawn.price(gap.low_ticks), drawn.price(gap.high_ticks))
        label = "" if place else "fair value gap"
        note = _note(drawn, gap.created_ns, f"{gap.filled_share:.0%} filled")
        marks.append(Region(gap.created_ns, drawn.end_ns, *edges, Ink.MARK, label, note, 0.25))
    return marks


def _note(drawn: PriceBars, created_ns: int, text: str) -> str:
    # Only where there is room for it.
    room = (drawn.end_ns - created_ns) / (drawn.end_ns - drawn.start_ns)
    return text if room > _LEAST_ROOM else ""


def _points(drawn: PriceBars, found: tuple[Swing, ...]) -> list[Mark]:
    marks: list[Mark] = []
    for side, shape, label in ((1, Shape.DOWN, "swing high"), (-1, Shape.UP, "swing low")):
        chosen = [point for point in found if point.side == side]
        x = drawn.middle_ns[[point.bar for point in chosen]]
        y = np.array([drawn.price(point.ticks) for point in chosen])
        if len(chosen):
            marks.append(Points(x, y, label, Ink.QUIET, shape, 5.0))
    return marks


def _breaks(drawn: PriceBars, found: tuple[StructureBreak, ...]) -> list[Mark]:
    # A break is a line from its level's bar to the bar that closed beyond it.
    marks: list[Mark] = []
    for one in found:
        x = np.array([one.level_ns, one.known_ns], dtype=np.int64)
        y = np.full(2, drawn.price(one.level_ticks))
        ink = Ink.BUY if one.side > 0 else Ink.SELL
        marks.append(Curve(x, y, "", ink, 1.1, is_dashed=not one.is_change))
    for is_change, shape, label in (
        (True, Shape.DIAMOND, "change of character"),
        (False, Shape.DOT, "structure goes on"),
    ):
        chosen = [one for one in found if one.is_change == is_change]
        x = np.array([one.known_ns - drawn.length_ns // 2 for one in chosen], dtype=np.int64)
        y = np.array([drawn.price(one.close_ticks) for one in chosen])
        notes = tuple("up" if one.side > 0 else "down" for one in chosen)
        if len(chosen):
            marks.append(Points(x, y, label, Ink.TOTAL, shape, 6.0 if is_change else 4.5, notes))
    return marks
