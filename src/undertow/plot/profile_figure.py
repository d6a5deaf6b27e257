"""Volume by price with its point of control and value area, beside the price that made it."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.volume_profile import VolumeProfile, volume_profile
from undertow.plot.drawing import Curve, Drawing, Level, Panel, Region, Rows
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.price_bars import Floats, price_bars


def profile(flow: InstrumentFlow, minutes: int = 15, *, value_share: float = 0.7) -> Figure:
    """The volume profile of the last `minutes` (1 .. 15) beside the price of that time."""
    row_ticks, lots = flow.price_volume(minutes)
    found = volume_profile(row_ticks, lots, value_share)
    if found is None:
        raise CallerError(f"expected trades in the last {minutes} minutes, found none")
    drawn = price_bars(flow, 1, 60 * minutes)
    step = int(row_ticks[1] - row_ticks[0]) if len(row_ticks) > 1 else found.row_ticks
    low = row_ticks.astype(np.float64) * drawn.tick
    is_value = (row_ticks >= found.val_ticks) & (row_ticks <= found.vah_ticks)
    rows = Rows(low, step * drawn.tick, lots, "", Ink.BUY, is_value)
    last = Curve(drawn.middle_ns, drawn.close, "last", Ink.PRICE, 1.1)
    value = Region(None, None, *_edges(found, drawn.tick), Ink.BUY, "value area", strength=0.08)
    price = Panel(drawn.price_label, (value, last, *_levels(found, drawn.tick)))
    share = _held(found, row_ticks.astype(np.float64), lots)
    return Figure(
        Drawing(
            title=f"{drawn.name}, volume profile of {minutes} min: {_words(found)}",
            panels=(price,),
            subtitle=f"value area holds {share:.0%} of the volume (strong rows)",
            side=Panel("", (rows,), x_label="volume (lots)"),
        )
    )


def _words(found: VolumeProfile) -> str:
    return found.shape.value.replace("_", " ")


def _edges(found: VolumeProfile, tick: float) -> tuple[float, float]:
    return found.val_ticks * tick, (found.vah_ticks + found.row_ticks) * tick


def _levels(found: VolumeProfile, tick: float) -> tuple[Level, ...]:
    low, high = _edges(found, tick)
    middle = (found.poc_ticks + found.row_ticks / 2) * tick
    return (
        Level(high, "value high", Ink.QUIET),
        Level(middle, "point of control", Ink.MARK, is_dashed=False),
        Level(low, "value low", Ink.QUIET),
    )


def _held(found: VolumeProfile, rows: Floats, lots: Floats) -> float:
    inside = (rows >= found.val_ticks) & (rows <= found.vah_ticks)
    return float(lots[inside].sum() / lots.sum())
