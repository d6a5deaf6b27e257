"""Bars as market events: BAR_OPEN when a bar opens, BAR_FLOW and BAR when it has closed.

Receive times are event times plus the venue's feed latency. At one receive time the order is:
closed bars of every instrument first, then mark prices and funding, recorded rows of other kinds,
and last the opens of the next bars. So a decision on closed bars sees all of them, is filled at an
open that comes after it, and a position opened there pays no funding of that moment.

`keys` says that order in one number: receive time x 4 + phase; no row's key is below the one before
it. BAR_FLOW has bought and sold volume where the source tells them; the numbers of buys and sells
are 0, because candles do not tell them apart.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.time import NS_PER_MS, NS_PER_S
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.series_part import UNKNOWN

FEED_LATENCY_NS = 5 * NS_PER_MS
CLOSES, FACTS, OTHERS, OPENS = range(4)

Keys = NDArray[np.int64]


def bar_rows(candles: Candles, instrument: int, source: int) -> tuple[Keys, EventArray]:
    """Keys and rows of bars, three a bar or two where bought volume is not told."""
    if not len(candles):
        return np.empty(0, np.int64), np.empty(0, EVENT)
    columns, opens, closes = candles.columns, candles.opens_ns, candles.closes_ns
    is_told = columns["bought"] != UNKNOWN
    # Without any bought volume the rows are laid out without BAR_FLOW from the start.
    rows = np.zeros((len(candles), 3 if is_told.any() else 2), EVENT)
    rows["instrument"], rows["source"] = instrument, source
    rows["sequence"] = opens[:, None]
    begin, end = rows[:, 0], rows[:, -1]
    begin["kind"], end["kind"] = EventKind.BAR_OPEN, EventKind.BAR
    begin["event_time_ns"], end["event_time_ns"] = opens, closes
    begin["price_ticks"], begin["qty_lots"] = columns["open"], (closes - opens) // NS_PER_S
    end["price_ticks"], end["qty_lots"] = columns["close"], columns["volume"]
    end["price_b"], end["qty_b"] = columns["high"], columns["low"]
    if is_told.any():
        flow = rows[:, 1]
        flow["kind"], flow["event_time_ns"] = EventKind.BAR_FLOW, closes
        flow["price_ticks"] = columns["bought"]
        flow["qty_lots"] = columns["volume"] - columns["bought"]
    rows["receive_time_ns"] = rows["event_time_ns"] + FEED_LATENCY_NS
    keys = rows["receive_time_ns"] * 4
    keys[:, 0] += OPENS
    if rows.shape[1] == 2 or is_told.all():
        return keys.ravel(), rows.ravel()
    told = np.ones(rows.shape, bool)
    told[:, 1] = is_told
    return keys[told], rows[told]


def keyed(rows: EventArray, phase: int) -> tuple[Keys, EventArray]:
    """Rows of one phase with their keys; receive times that go back are held at the greatest."""
    times = np.maximum.accumulate(rows["receive_time_ns"]) if len(rows) else rows["receive_time_ns"]
    return times * 4 + phase, rows
