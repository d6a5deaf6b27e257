"""The loop over market rows without stopping: what would have woken somebody is written down.

For looking ahead: the strategies are asked afterwards, about the bars that were noted. Where a row
closes anything but one bar of a ring or a given one, it stops before counting it, because then the
order in which bars are told matters and the ordinary way knows it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.flow_memory import bars_of, closed_of, given_of, instruments_of
from undertow.kernels.flow.layout import GIVEN_SLOT, WOKE

NOTE = np.dtype(
    [
        ("row", np.int64),
        ("instrument", np.int64),
        ("timeframe_s", np.int64),
        ("last_ticks", np.int64),
    ]
)
"""A closed bar: the first row after the one that closed it, and the last price then."""

FROM_ANY: Any = np.int64(0)


@compiled
def advance_noted(
    runs: NDArray[np.void],
    events: EventArray,
    start: int,
    stop: int,
    timer_due_ns: int,
    notes: NDArray[np.void],
    bars: NDArray[np.void],
) -> tuple[int, int, int]:
    """Apply rows [start, stop) or up to the timer, noting closed bars; `runs`: (1,) RUN.

    notes: (n,) NOTE, bars: (n,) BAR, filled together. Returns the first row not applied, how many
    bars were noted, and 1 when the rows after the last note count for nothing: then the state must
    be taken back to there.
    """
    run = runs[0]
    count = 0
    i = start
    while i < stop and count < len(notes):
        i, why = advance(runs, events, i, stop, timer_due_ns, FROM_ANY)
        if run.closed_count + run.touched_count == 0:
            return i, count, 1 if why > WOKE else 0
        closed = closed_of(run)[0]
        is_plain = (closed.slot >= 0 and closed.timeframe_s > 1) or closed.slot == GIVEN_SLOT
        if why != WOKE or run.closed_count != 1 or run.touched_count > 0 or not is_plain:
            return i, count, 1
        run.closed_count = 0
        index = closed.instrument
        note = notes[count]
        note.row = i
        note.instrument = index
        note.timeframe_s = closed.timeframe_s
        note.last_ticks = instruments_of(run)[index].last_ticks
        if closed.slot == GIVEN_SLOT:
            bars[count] = given_of(run)[index]
        else:
            bars[count] = bars_of(run)[index, closed.slot]
        count += 1
    return i, count, 0
