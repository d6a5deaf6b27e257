"""Walls of one book: since when, where, how large, and how honestly they stand."""

from collections.abc import Sequence

import numpy as np

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.walls import Wall
from undertow.plot.drawing import Curve, Drawing, Level, Mark, Panel, Points, Region, Rows, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import PriceBars, price_bars

MOST_WALLS = 12
_STALE_S = 15


def walls(flow: InstrumentFlow, *, seconds: int = 900, tracked: Sequence[Wall] = ()) -> Figure:
    """Tracked walls over the price of the last `seconds`: each from when it was first seen.

    `tracked`: other walls than those of this moment, such as a collection made while they came and
    went. A cross is where a wall stopped resting.
    """
    known = [wall for wall in tracked or flow.tracked_walls() if wall.largest_lots > 0]
    shown = sorted(known, key=_largest_usd, reverse=True)[:MOST_WALLS]
    if not shown:
        raise CallerError("expected tracked walls, found none")
    drawn = price_bars(flow, 1, seconds)
    marks: list[Mark] = [Curve(drawn.middle_ns, drawn.close, "last price", Ink.PRICE, 1.3)]
    height = _height(drawn, shown)
    marks += [_wall(drawn, wall, height) for wall in shown]
    gone = [wall for wall in shown if _is_gone(drawn, wall)]
    marks += _ends(gone)
    marks += [Level(wall.price, _words(wall), _ink(wall)) for wall in shown if wall not in gone]
    rows: list[Mark] = []
    for side, label in ((Side.BUY, "bids"), (Side.SELL, "asks")):
        chosen = [wall for wall in shown if wall.side is side]
        if chosen:
            prices = np.array([wall.price for wall in chosen])
            kept = np.array([wall.persistence for wall in chosen])
            is_honest = np.array([not wall.is_spoof_like for wall in chosen])
            rows.append(Rows(prices - height / 2, height, kept, label, _ink(chosen[0]), is_honest))
    return Figure(
        Drawing(
            title=f"{drawn.name}, walls of the book",
            panels=(Panel(drawn.price_label, tuple(marks)),),
            subtitle="from when a wall was first seen; right: persistence, faint below one half",
            side=Panel("", tuple(rows), x_label="persistence (0 to 1)"),
        )
    )


def _height(drawn: PriceBars, shown: Sequence[Wall]) -> float:
    prices = [wall.price for wall in shown]
    low, high = min(*prices, float(drawn.low.min())), max(*prices, float(drawn.high.max()))
    return (high - low) / 70 or drawn.tick


def _ink(wall: Wall) -> Ink:
    return Ink.SPOT if wall.side is Side.BUY else Ink.PERP


def _wall(drawn: PriceBars, wall: Wall, height: float) -> Region:
    start_ns = max(wall.since_ns, drawn.start_ns)
    end_ns = min(max(wall.since_ns + wall.age_s * 10**9, start_ns + 10**9), drawn.end_ns)
    edges = (wall.price - height / 2, wall.price + height / 2)
    strength = 0.15 + 0.6 * wall.persistence
    return Region(float(start_ns), float(end_ns), *edges, _ink(wall), strength=strength)


def _is_gone(drawn: PriceBars, wall: Wall) -> bool:
    # A wall of a collection was seen last when it still stood.
    return not wall.is_resting or wall.since_ns + (wall.age_s + _STALE_S) * 10**9 < drawn.end_ns


def _ends(gone: Sequence[Wall]) -> list[Mark]:
    if not gone:
        return []
    x = np.array([wall.since_ns + wall.age_s * 10**9 for wall in gone], dtype=np.int64)
    y = np.array([wall.price for wall in gone])
    return [Points(x, y, "rests no more", Ink.QUIET, Shape.CROSS, 6.0)]


def _words(wall: Wall) -> str:
    return f"{wall.usd / 1e6:.2f}M USD"


def _largest_usd(wall: Wall) -> float:
    return wall.price * wall.largest_lots
