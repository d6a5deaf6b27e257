"""Where liquidations wait or happened by price, beside the price."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.liquidation_map import LiquidationMap
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Region, Rows
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import price_bars


def liquidation_map(
    flow: InstrumentFlow, found: LiquidationMap, *, minutes: int = 240, least_usd: float = 5e6
) -> Figure:
    """A map beside an instrument's price; clusters of at least `least_usd` are shaded."""
    if not len(found.lows):
        raise CallerError("expected a map with liquidations in it, found none")
    drawn = price_bars(flow, 60, minutes)
    marks: list[Mark] = [
        Region(None, None, cluster.low, cluster.high, _ink(cluster.long_usd, cluster.short_usd),
               note=f"{cluster.usd / 1e6:.1f} million USD", strength=0.14)
        for cluster in found.clusters(least_usd)
    ]  # fmt: skip
    marks.append(Curve(drawn.middle_ns, drawn.close, "last price", Ink.PRICE, 1.4))
    side: list[Mark] = []
    for usd, label, ink in (
        (found.short_usd, "shorts", Ink.BUY),
        (found.long_usd, "longs", Ink.SELL),
    ):
        held = usd > 0.0
        strong = np.ones(int(held.sum()), np.bool_)
        side.append(Rows(found.lows[held], found.width, usd[held] / 1e6, label, ink, strong))
    return Figure(
        Drawing(
            title=f"{drawn.name}, liquidations by price ({found.source})",
            panels=(Panel(drawn.price_label, tuple(marks)),),
            subtitle="longs are closed by forced selling below, shorts by forced buying above;"
            f" shaded: clusters of {least_usd / 1e6:g} million USD and more",
            side=Panel("", tuple(side), x_label="million USD"),
        )
    )


def _ink(long_usd: float, short_usd: float) -> Ink:
    return Ink.SELL if long_usd > short_usd else Ink.BUY
