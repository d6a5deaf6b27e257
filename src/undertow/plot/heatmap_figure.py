"""Resting quantity over time and price, with the walls that stand now and the price through it."""

from collections.abc import Iterable

import numpy as np

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.heatmap import Heatmap
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.magnetic_levels import MagneticLevel, MagneticLevels
from undertow.flow.walls import Wall
from undertow.plot.drawing import Curve, Drawing, Heat, Level, Mark, Panel, Rows
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import price_bars

_MOST_WALLS = 6
_MOST_MAGNETS = 3


def heatmap(
    flow: InstrumentFlow, *, magnets: MagneticLevels | None = None, levels: Iterable[Level] = ()
) -> Figure:
    """The book over time, as far back as it is kept, with the walls that stand now.

    `magnets`: of these levels the three strongest on each side of the price that lie within the
    figure are marked. `levels`: further prices to mark.
    """
    found = flow.heatmap()
    if len(found) < 2:
        raise CallerError(f"expected at least 2 looks at the book, found {len(found)}")
    edges_ns = np.append(found.times_ns, found.times_ns[-1] + int(found.seconds[-1] * 1e9))
    edges = np.append(found.prices, found.prices[-1] + found.row_height)
    # The root brings out what rests beside the largest walls.
    shown = np.sqrt(np.where(found.lots > 0.0, found.lots, np.nan)).T
    heat = Heat(edges_ns, edges, shown, "root of resting lots")
    walls = flow.walls()[:_MOST_WALLS]
    marks: list[Mark] = [heat, *_price(flow, found), *map(_level, walls), *levels]
    marks += _magnets(magnets, float(edges[0]), float(edges[-1]))
    quote = flow.instrument.quote
    return Figure(
        Drawing(
            title=f"{flow.instrument.instrument_id}, resting orders over time",
            panels=(Panel(f"price ({quote})", tuple(marks)),),
            subtitle=_words(len(walls)),
            side=Panel("", _book(found), x_label="resting now (lots)"),
        )
    )


def _words(count: int) -> str:
    if not count:
        return "no wall stands now"
    return f"{count} walls stand now: their money, and in brackets their persistence"


def _price(flow: InstrumentFlow, found: Heatmap) -> list[Mark]:
    seconds = int(found.times_ns[-1] - found.times_ns[0]) // 10**9
    step = 1 if seconds <= 900 else 60
    if flow.bar_count(step) < 2:
        return []
    drawn = price_bars(flow, step, max(2, seconds // step))
    inside = drawn.middle_ns >= found.times_ns[0]
    return [Curve(drawn.middle_ns[inside], drawn.close[inside], "last price", Ink.SELL, 1.3)]


def _magnets(found: MagneticLevels | None, low: float, high: float) -> list[Mark]:
    if found is None:
        return []
    inside = [level for level in found.levels if low <= level.price <= high]
    ranked = sorted(inside, key=lambda level: -level.strength)
    above = [level for level in ranked if level.price > found.price][:_MOST_MAGNETS]
    below = [level for level in ranked if level.price <= found.price][:_MOST_MAGNETS]
    return [Level(level.price, _reason(level), Ink.MARK) for level in (*above, *below)]


def _reason(level: MagneticLevel) -> str:
    return f"{level.evidence[0].kind.value.replace('_', ' ')} {level.strength:.2f}"


def _level(wall: Wall) -> Level:
    ink = Ink.SPOT if wall.side is Side.BUY else Ink.PERP
    name = "bids" if wall.side is Side.BUY else "asks"
    return Level(wall.price, f"{name} {_short(wall.usd)} ({wall.persistence:.0%})", ink)


def _short(usd: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if usd >= size:
            return f"{usd / size:.3g}{unit}"
    return f"{usd:.0f}"


def _book(found: Heatmap) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for lots, label, ink in (
        (found.bid_lots[-1], "bids", Ink.SPOT),
        (found.ask_lots[-1], "asks", Ink.PERP),
    ):
        held = lots > 0.0
        strong = np.ones(int(held.sum()), np.bool_)
        marks.append(Rows(found.prices[held], found.row_height, lots[held], label, ink, strong))
    return tuple(marks)
