"""Order-flow imbalance per second with its spikes, its running sum and the price."""

import numpy as np
from numpy.typing import NDArray

from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.ofi_pressure import DEFAULT_OFI, OfiRules, pressure_of
from undertow.plot.drawing import Columns, Curve, Drawing, Mark, Panel, Points, Region, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import Floats, PriceBars, price_bars


def ofi(flow: InstrumentFlow, seconds: int = 900, rules: OfiRules = DEFAULT_OFI) -> Figure:
    """The last `seconds` (900 at most). Spikes and build-ups are those that were flagged then: each
    second is judged by the seconds before it.
    """
    drawn = price_bars(flow, 1, seconds)
    values = flow.ofi_by_second(len(drawn.rows))
    closes = drawn.rows["close_ticks"]
    seen = [pressure_of(values[: i + 1], closes[: i + 1], rules) for i in range(len(values))]
    heights = values.astype(np.float64)
    spikes = np.array([one.side if one.is_spike else 0 for one in seen])
    price: list[Mark] = [Curve(drawn.middle_ns, drawn.close, "last", Ink.PRICE)]
    price += building_regions(drawn, np.array([one.side if one.is_building else 0 for one in seen]))
    flow_marks: list[Mark] = [Columns(drawn.middle_ns, heights, 1e9, "")]
    flow_marks += _spikes(drawn, heights, spikes)
    running = Curve(drawn.middle_ns, np.cumsum(heights), "", Ink.TOTAL, fill_to=0.0)
    kind = "robust " if rules.is_robust else ""
    return Figure(
        Drawing(
            title=f"{drawn.name}, order-flow imbalance at the best bid and ask",
            panels=(
                Panel(drawn.price_label, tuple(price), 0.8),
                Panel("OFI (lots per second)", tuple(flow_marks), 0.8, has_zero=True),
                Panel("running sum (lots)", (running,), 0.6, has_zero=True),
            ),
            subtitle=f"spikes: over {rules.least_z:g} {kind}standard deviations of the past; "
            "shaded: pressure builds up and the price stays",
        )
    )


def _spikes(drawn: PriceBars, heights: Floats, side: NDArray[np.int64]) -> list[Mark]:
    marks: list[Mark] = []
    for sign, ink, shape, label in (
        (1, Ink.BUY, Shape.UP, "spike of buying"),
        (-1, Ink.SELL, Shape.DOWN, "spike of selling"),
    ):
        chosen = side == sign
        if chosen.any():
            marks.append(Points(drawn.middle_ns[chosen], heights[chosen], label, ink, shape, 5.0))
    return marks


def building_regions(drawn: PriceBars, side: NDArray[np.int64]) -> list[Mark]:
    """Stretches of one sign as shaded regions; `side` has a value for each bar."""
    marks: list[Mark] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], side, [0]])))
    opens = drawn.rows["open_time_ns"]
    named: set[int] = set()
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        sign = int(side[start])
        if sign == 0:
            continue
        label = "" if sign in named else ("buyers build up" if sign > 0 else "sellers build up")
        named.add(sign)
        ink = Ink.BUY if sign > 0 else Ink.SELL
        end_ns = int(opens[stop - 1]) + drawn.length_ns
        marks.append(Region(int(opens[start]), end_ns, None, None, ink, label))
    return marks
