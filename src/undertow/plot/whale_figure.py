"""Whales' trades over an asset's price: who, which way, and which were unusual."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.whale_trades import WhaleTrade, whale_bursts, whale_trades
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Points, Region, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import price_bars


def whales(asset: AssetFlow, *, seconds: int = 900) -> Figure:
    """The last `seconds` (900 at most) over the healthy members; bursts are shaded."""
    members = asset.healthy()
    trades = whale_trades(members, seconds)
    if not trades:
        raise CallerError(f"expected whales' trades in the last {seconds} s, found none")
    perps = [member for member in members if member.instrument.is_perp]
    drawn = price_bars((perps or list(members))[0], 1, seconds)
    marks: list[Mark] = []
    for one in whale_bursts(members, seconds):
        words = "burst of buying" if one.side > 0 else "burst of selling"
        label = (
            "" if any(words == mark.label for mark in marks if isinstance(mark, Region)) else words
        )
        end_ns = one.last_ns + 10**9
        marks.append(Region(one.first_ns, end_ns, None, None, _ink(one.side), label, strength=0.3))
    marks.append(Curve(drawn.middle_ns, drawn.close, drawn.name, Ink.PRICE, 1.2))
    money: list[Mark] = []
    for side, word in ((1, "bought"), (-1, "sold")):
        for is_alert, shape, label in (
            (False, Shape.DOT, word),
            (True, Shape.DIAMOND, f"{word}, unusual"),
        ):
            chosen = [one for one in trades if one.side == side and one.is_alert == is_alert]
            if chosen:
                money.append(_points(chosen, side, shape, label))
    return Figure(
        Drawing(
            title=f"{asset.base}, whales' trades over {len(members)} instruments",
            panels=(
                Panel(drawn.price_label, tuple(marks), 1.0),
                Panel("thousand USD, sold below zero", tuple(money), 1.0, has_zero=True),
            ),
            subtitle="diamonds: larger than the instrument's own past lets expect",
        )
    )


def _ink(side: int) -> Ink:
    return Ink.BUY if side > 0 else Ink.SELL


def _points(chosen: list[WhaleTrade], side: int, shape: Shape, label: str) -> Points:
    x = np.array([one.event_ns for one in chosen], dtype=np.int64)
    y = np.array([side * one.value / 1e3 for one in chosen])
    notes = tuple(f"{one.instrument_id}, score {one.score:.1f}" for one in chosen)
    return Points(x, y, label, _ink(side), shape, 5.0 if shape is Shape.DOT else 7.0, notes)
