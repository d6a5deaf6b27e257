"""Order-flow imbalance by level of the book, over several spans."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import Columns, Drawing, Panel
from undertow.plot.figure import Figure


def level_flows(flow: InstrumentFlow, spans_s: tuple[int, ...] = (10, 30, 60)) -> Figure:
    """Order-flow imbalance of each of the best levels over the last seconds, one panel a span."""
    if not flow.has_book:
        raise CallerError("expected a synced book, found none")
    panels = []
    for seconds in spans_s:
        values = flow.multi_level_ofi(seconds).astype(np.float64)
        places = np.arange(1, len(values) + 1, dtype=np.float64)
        columns = Columns(places, values, 0.9, "")
        panels.append(Panel(f"{seconds} s (lots)", (columns,), has_zero=True))
    return Figure(
        Drawing(
            title=f"{flow.instrument.instrument_id}, order-flow imbalance by level",
            panels=tuple(panels),
            subtitle="up: bids grew or asks shrank at the m-th best occupied price",
            x_label="level (1 = best)",
            has_time_axis=False,
        )
    )
