"""Candles with volume by aggressor, and lines of indicators over or under them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import Curve, Drawing, Mark, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import venue_ink
from undertow.plot.price_bars import PriceBars, price_bars, volume_panel


def bars(
    source: InstrumentFlow | NDArray[Any],
    timeframe_s: int = 60,
    count: int = 180,
    *,
    overlays: Mapping[str, ArrayLike] | None = None,
    below: Mapping[str, ArrayLike] | None = None,
    tick: float = 1.0,
) -> Figure:
    """Candles of an instrument's flow, or of a `BAR` array with this tick.

    `overlays`: by name, values in quote units, one per bar (the last `count` of a longer array);
    `below`: the same in a panel of their own.
    """
    drawn = price_bars(source, timeframe_s, count, tick)
    price = Panel(drawn.price_label, (drawn.candles, *_curves(drawn, overlays or {})), 1.0)
    panels = [price, volume_panel(drawn)]
    if below:
        panels.append(Panel(", ".join(below), _curves(drawn, below), 0.4, has_zero=True))
    title = f"{drawn.name or 'Price'}, {drawn.length_name} bars"
    subtitle = "volume: bought above zero, sold below"
    return Figure(Drawing(title, tuple(panels), subtitle))


def _curves(drawn: PriceBars, lines: Mapping[str, ArrayLike]) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for place, (name, given) in enumerate(lines.items()):
        values = np.asarray(given, dtype=np.float64)
        if values.ndim != 1 or len(values) < len(drawn.rows):
            raise CallerError(
                f"expected {len(drawn.rows)} values of {name!r}, found shape {values.shape}"
            )
        found.append(Curve(drawn.middle_ns, values[-len(drawn.rows) :], name, venue_ink(place)))
    return tuple(found)
