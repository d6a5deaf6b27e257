"""Rows of market events out of columns of candles: BAR_OPEN, BAR_FLOW where it is told, BAR."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray, EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import NS_PER_SECOND, Record

BAR_OPEN = np.uint8(EventKind.BAR_OPEN)
BAR_FLOW = np.uint8(EventKind.BAR_FLOW)
BAR = np.uint8(EventKind.BAR)

ROWS_PER_BAR = 3


@compiled
def put_row(
    row: Record, kind: np.uint8, event_ns: int, delay_ns: int, open_ns: int, index: int, source: int
) -> None:
    """What all three kinds have."""
    row.event_time_ns = event_ns
    row.receive_time_ns = event_ns + delay_ns
    row.price_ticks = 0
    row.qty_lots = 0
    row.price_b = 0
    row.qty_b = 0
    row.sequence = open_ns
    row.instrument = index
    row.source = source
    row.kind = kind
    row.side = 0
    row.flags = 0


@compiled
def given_rows(
    times: NDArray[np.int64],
    candles: NDArray[np.int64],
    span: NDArray[np.int64],
    facts: NDArray[np.int64],
    out: EventArray,
) -> int:
    """Fill `out` with the rows of bars whose event time lies in a span; returns how many.

    times: (2, n) open and close times, ns. candles: (6, n) open, high, low, close, volume, bought
    lots (-1 = not told). span: first and last + 1 event time. facts: instrument, source, delay of
    the feed in ns. out: (3 n,) at least. A bar's BAR comes before the next one's BAR_OPEN.
    """
    index = facts[0]
    source = facts[1]
    delay_ns = facts[2]
    count = 0
    for i in range(times.shape[1]):
        open_ns = times[0, i]
        close_ns = times[1, i]
        if span[0] <= open_ns < span[1]:
            row = out[count]
            put_row(row, BAR_OPEN, open_ns, delay_ns, open_ns, index, source)
            row.price_ticks = candles[0, i]
            row.qty_lots = (close_ns - open_ns) // NS_PER_SECOND
            count += 1
        if not span[0] <= close_ns < span[1]:
            continue
        bought = candles[5, i]
        if bought >= 0:
            row = out[count]
            put_row(row, BAR_FLOW, close_ns, delay_ns, open_ns, index, source)
            row.price_ticks = bought
            row.qty_lots = candles[4, i] - bought
            count += 1
        row = out[count]
        put_row(row, BAR, close_ns, delay_ns, open_ns, index, source)
        row.price_ticks = candles[3, i]
        row.qty_lots = candles[4, i]
        row.price_b = candles[1, i]
        row.qty_b = candles[2, i]
        count += 1
    return count
