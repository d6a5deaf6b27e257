"""Telling a trade that was sent twice from one that comes late, by the venue's own trade ids.

Ids ascend per instrument. What was skipped is remembered as holes, the newest `HOLES` of them, so a
trade that comes late after all is taken, and one that was seen before is not. An id below all that
is known on a trade newer than any before it means that the venue has begun to count anew. Trades
without an id (0) are never repeated.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import holes_of
from undertow.kernels.flow.layout import HOLES, Record
from undertow.kernels.flow.trade_print import is_trade


@compiled
def open_hole(instrument: Record, holes: NDArray[np.int64], first: int, last: int) -> None:
    """Remember that the ids `first` .. `last` are missing; the oldest hole goes when it is full."""
    count = instrument.trade_holes
    if count == HOLES:
        for k in range(HOLES - 1):
            holes[k, 0] = holes[k + 1, 0]
            holes[k, 1] = holes[k + 1, 1]
        count -= 1
    holes[count, 0] = first
    holes[count, 1] = last
    instrument.trade_holes = count + 1


@compiled
def fill_hole(instrument: Record, holes: NDArray[np.int64], trade_id: int) -> bool:
    """Take an id out of the hole it lies in; False when it lies in none."""
    for k in range(instrument.trade_holes):
        first = holes[k, 0]
        last = holes[k, 1]
        if not first <= trade_id <= last:
            continue
        if first == last:
            instrument.trade_holes -= 1
            for j in range(k, instrument.trade_holes):
                holes[j, 0] = holes[j + 1, 0]
                holes[j, 1] = holes[j + 1, 1]
            holes[instrument.trade_holes, 0] = 0
            holes[instrument.trade_holes, 1] = 0
        elif trade_id == first:
            holes[k, 0] = first + 1
        else:
            holes[k, 1] = trade_id - 1
            if trade_id < last:
                open_hole(instrument, holes, trade_id + 1, last)
        return True
    return False


@compiled
def is_new_trade(
    instrument: Record, holes: NDArray[np.int64], trade_id: int, event_ns: int
) -> bool:
    """Whether a trade with an unexpected id is one not seen before; takes note of its id.

    holes: (HOLES, 2) int64 of the instrument, first and last missing id. event_ns: its time.
    """
    expected = instrument.next_trade_id
    if expected == 0 or trade_id >= expected:
        if expected != 0 and trade_id > expected:
            open_hole(instrument, holes, expected, trade_id - 1)
        instrument.next_trade_id = trade_id + 1
        return True
    if fill_hole(instrument, holes, trade_id):
        return True
    if event_ns > instrument.last_event_ns:
        instrument.renumbered_trades += 1
        instrument.trade_holes = 0
        holes[:] = 0
        instrument.next_trade_id = trade_id + 1
        return True
    instrument.repeated_trades += 1
    return False


@compiled
def is_repeated(run: Record, index: int, row: Record, instrument: Record, event_ns: int) -> bool:
    """Whether a trade was seen before, by its id; takes note of the id of one that was not."""
    trade_id = row.sequence
    if trade_id == instrument.next_trade_id and trade_id != 0:
        instrument.next_trade_id = trade_id + 1
        return False
    if trade_id <= 0 or not is_trade(row):
        return False
    return not is_new_trade(instrument, holes_of(run)[index], trade_id, event_ns)
