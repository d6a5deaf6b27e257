"""Price and CVD with the divergences between them, each drawn over its two extremes."""

import numpy as np

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.cvd_divergence import (
    DEFAULT_RULES,
    CvdDivergence,
    DivergenceRules,
    cvd_divergences,
)
from undertow.plot.cvd_figure import known_series, price_curve
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Points, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import Floats


def divergences(
    source: AssetFlow | AssetSeries, minutes: int = 240, *, rules: DivergenceRules = DEFAULT_RULES
) -> Figure:
    """The last closed `minutes`: CVD of all venues. The triangle is where it became known."""
    series = known_series(source, minutes)
    found = cvd_divergences(series, series.total, rules)
    cvd = series.total.cvd_usd / 1e6
    price: list[Mark] = [price_curve(series), *_lines(series, found, series.path)]
    flow: list[Mark] = [Curve(series.time_ns, cvd, "CVD, all venues", Ink.TOTAL, 1.5)]
    flow += _lines(series, found, cvd)
    for side, ink, shape, label in (
        (1, Ink.BUY, Shape.UP, "bullish, known here"),
        (-1, Ink.SELL, Shape.DOWN, "bearish, known here"),
    ):
        places = [_place(series, one.confirmed_ns) for one in found if one.side == side]
        if places:
            price.append(
                Points(series.time_ns[places], series.path[places], label, ink, shape, 7.0)
            )
    strong = sum(one.is_strong for one in found)
    return Figure(
        Drawing(
            title=f"{series.asset}, divergence of CVD from the price",
            panels=(
                Panel("price (USD)", tuple(price), 1.0),
                Panel("CVD (million USD)", tuple(flow), 1.0, has_zero=True),
            ),
            subtitle=f"{len(found)} divergences, {strong} of them strong (solid lines)",
        )
    )


def _place(series: AssetSeries, time_ns: int) -> int:
    return int(np.searchsorted(series.time_ns, time_ns))


def _lines(series: AssetSeries, found: tuple[CvdDivergence, ...], values: Floats) -> list[Mark]:
    marks: list[Mark] = []
    for one in found:
        places = [_place(series, one.from_ns), _place(series, one.to_ns)]
        ink = Ink.BUY if one.side > 0 else Ink.SELL
        x, y = series.time_ns[places], values[places]
        marks.append(Curve(x, y, "", ink, 2.0, is_dashed=not one.is_strong))
    return marks
