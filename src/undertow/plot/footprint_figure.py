"""Footprints: what was sold and bought at each price of each bar, with delta below."""

from collections.abc import Sequence

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.footprint_bar import FootprintBar
from undertow.plot.drawing import (
    Columns,
    Curve,
    Drawing,
    Heat,
    Mark,
    Numbers,
    Panel,
    Points,
    Shape,
    Words,
)
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import Floats

MOST_BARS = 12
MOST_ROWS = 36


def footprint(bars: Sequence[FootprintBar], *, tick: float = 1.0, name: str = "") -> Figure:
    """The last 12 of these bars, `tick` in quote units. Rows are added up until 36 hold them all.

    Cells say sold x bought in lots and are coloured by the difference. Diamonds mark
    points of control, triangles stacked imbalances.
    """
    shown = tuple(bars)[-MOST_BARS:]
    if not shown:
        raise CallerError("expected at least one footprint bar, found none")
    row_ticks = _row_ticks(shown)
    first = min(int(bar.rows[0]) for bar in shown) // row_ticks
    count = max(int(bar.rows[-1]) for bar in shown) // row_ticks - first + 1
    buys, sells = (_grid(shown, side, row_ticks, first, count) for side in ("buys", "sells"))
    edges = (first + np.arange(count + 1)) * row_ticks * tick
    times = np.array([bar.open_time_ns for bar in shown], dtype=np.int64)
    width = shown[0].seconds * 10**9
    middle = times + width // 2
    delta = np.where(buys + sells > 0, buys - sells, np.nan)
    marks: list[Mark] = [
        Heat(np.append(times, times[-1] + width), edges, delta, "bought - sold (lots)", True)
    ]
    marks.append(_cells(middle, edges, buys, sells))
    marks += _signs(shown, middle, tick)
    own = np.array([bar.delta_lots for bar in shown], dtype=np.float64)
    total = np.array([bar.cum_delta for bar in shown], dtype=np.float64)
    return Figure(
        Drawing(
            title=f"{name or 'Footprint'}, bars of {shown[0].seconds // 60} min",
            panels=(
                Panel("price", tuple(marks), 1.0),
                Panel("delta (lots)", (Columns(middle, own, float(width), ""),), 0.22, "", True),
                Panel("summed (lots)", (Curve(middle, total, "", Ink.TOTAL),), 0.18),
            ),
            subtitle="sold x bought in each row; rows without numbers traded nothing",
            height_px=900,
        )
    )


def _row_ticks(shown: Sequence[FootprintBar]) -> int:
    # Rows double, so every bar's rows lie within those of the highest.
    row_ticks = max(bar.row_ticks for bar in shown)
    low, high = min(int(bar.rows[0]) for bar in shown), max(int(bar.rows[-1]) for bar in shown)
    while high // row_ticks - low // row_ticks + 1 > MOST_ROWS:
        row_ticks *= 2
    return row_ticks


def _grid(
    shown: Sequence[FootprintBar], side: str, row_ticks: int, first: int, count: int
) -> Floats:
    grid = np.zeros((count, len(shown)))
    for place, bar in enumerate(shown):
        np.add.at(grid[:, place], bar.rows // row_ticks - first, getattr(bar, side))
    return grid


def _cells(middle: Numbers, edges: Numbers, buys: Floats, sells: Floats) -> Words:
    rows, bars = np.nonzero(buys + sells)
    texts = tuple(
        f"{_short(sold)} x {_short(bought)}"
        for sold, bought in zip(sells[rows, bars].tolist(), buys[rows, bars].tolist(), strict=True)
    )
    y = (edges[rows] + edges[rows + 1]) / 2
    return Words(middle[bars], y, texts, size=6.5 if len(buys) <= MOST_ROWS // 2 + 6 else 5.5)


def _short(lots: float) -> str:
    return f"{lots:.0f}" if lots < 1_000 else f"{lots / 1_000:.3g}k"


def _signs(shown: Sequence[FootprintBar], middle: Numbers, tick: float) -> list[Mark]:
    step = (middle[1] - middle[0]) if len(middle) > 1 else shown[0].seconds * 10**9
    left = middle - step * 44 // 100
    pocs = np.array([(bar.poc_ticks + bar.row_ticks / 2) * tick for bar in shown])
    marks: list[Mark] = [Points(left, pocs, "point of control", Ink.MARK, Shape.DIAMOND, 5.0)]
    right = middle + step * 44 // 100
    for side, ink, shape, label in (
        (1, Ink.BUY, Shape.UP, "stacked buying"),
        (-1, Ink.SELL, Shape.DOWN, "stacked selling"),
    ):
        found = [
            (right[place], (stack.low_ticks + stack.high_ticks) / 2 * tick)
            for place, bar in enumerate(shown)
            for stack in bar.stacked()
            if stack.side == side
        ]
        if found:
            x, y = (np.array(column) for column in zip(*found, strict=True))
            marks.append(Points(x, y, label, ink, shape, 6.0))
    return marks
