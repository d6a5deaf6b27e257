"""Magnetic levels around the price: their bands, their strength and what speaks for them."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.magnetic_levels import MagneticLevel, MagneticLevels
from undertow.plot.drawing import Curve, Drawing, Level, Mark, Panel, Region, Rows
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import PriceBars, price_bars

MOST_NAMED = 14


def levels(flow: InstrumentFlow, found: MagneticLevels, *, minutes: int = 120) -> Figure:
    """Levels (of this instrument or of its asset) beside the price of the last `minutes`.

    The strongest 14 are named. Raises `CallerError` when there are none.
    """
    if not found.levels:
        raise CallerError("expected magnetic levels, found none")
    drawn = price_bars(flow, 60, minutes)
    named = sorted(found.levels, key=lambda level: -level.strength)[:MOST_NAMED]
    marks: list[Mark] = [_band(drawn, level, found.price) for level in named]
    marks += [Curve(drawn.middle_ns, drawn.close, "last price", Ink.PRICE, 1.4)]
    marks += [
        Level(level.price, _words(level), Ink.BUY if level.price <= found.price else Ink.SELL)
        for level in named
    ]
    prices = np.array([level.price for level in named])
    height = (prices.max() - prices.min()) / 80 or drawn.tick
    strength = np.array([level.strength for level in named])
    rows = Rows(
        prices - height / 2, float(height), strength, "", Ink.MARK, strength >= np.median(strength)
    )
    return Figure(
        Drawing(
            title=f"{drawn.name}, magnetic levels",
            panels=(Panel(drawn.price_label, tuple(marks)),),
            subtitle=f"the strongest {len(named)} of {len(found.levels)}; below the price blue,"
            " above it orange",
            side=Panel("", (rows,), x_label="strength"),
        )
    )


def _band(drawn: PriceBars, level: MagneticLevel, price: float) -> Region:
    ink = Ink.BUY if level.price <= price else Ink.SELL
    high = max(level.high, level.low + drawn.tick)
    return Region(None, None, level.low, high, ink, strength=0.1 + 0.25 * level.strength)


def _words(level: MagneticLevel) -> str:
    kinds = dict.fromkeys(piece.kind.value.replace("_", " ") for piece in level.evidence)
    return ", ".join(list(kinds)[:2])
