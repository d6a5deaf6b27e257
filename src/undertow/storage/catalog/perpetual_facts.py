"""Mark prices and funding of an instrument as market events, from their stored series.

* A mark candle gives one MARK_PRICE row at its open time with its open: the mark at that time. The
  range inside a mark candle is not told, so a liquidation between two opens is seen at the next.
* A funding row is paid at the time the source says, jitter included. Its mark is the source's own,
  else the open of the mark candle it lies in, else that of the traded candle.
* The rate on a MARK_PRICE row is the last one paid, 0 before the first: predicted rates are not in
  such files. Its next funding is the next time in the series; after the last one, that plus the
  last interval.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, MARK_PRICE_DIGITS, EventArray, EventKind
from undertow.domain.time import NS_PER_MINUTE
from undertow.storage.catalog.bar_rows import FEED_LATENCY_NS
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.series_part import TIME, Columns

Ints = NDArray[np.int64]


def funding_rows(
    funding: Columns, mark: Candles | None, traded: Candles | None, indexes: tuple[int, int]
) -> EventArray:
    """FUNDING rows; indexes: instrument and source."""
    times = funding[TIME]
    rows = _rows(times, EventKind.FUNDING, indexes)
    rows["qty_b"] = funding["rate_e12"]
    marks = funding["mark_e8"].copy()
    for candles in (mark, traded):
        if candles is not None and len(candles):
            marks = np.where(marks > 0, marks, _opens_at(candles, times))
    rows["price_ticks"] = marks
    return rows


def mark_rows(
    mark: Candles, index: Candles | None, funding: Columns | None, indexes: tuple[int, int]
) -> EventArray:
    """MARK_PRICE rows; indexes: instrument and source."""
    times = mark.opens_ns
    rows = _rows(times, EventKind.MARK_PRICE, indexes)
    rows["price_ticks"] = _e8(mark)
    if index is not None and len(index):
        rows["price_b"] = _opens_at(index, times)
    if funding is not None and len(funding[TIME]):
        paid = funding[TIME]
        last = np.searchsorted(paid, times, "right") - 1
        rows["qty_b"] = np.where(last >= 0, funding["rate_e12"][np.maximum(last, 0)], 0)
        rows["sequence"] = _next_after(_minutes(paid), times)
    return rows


def _next_after(paid: Ints, times: Ints) -> Ints:
    place = np.searchsorted(paid, times, "right")
    interval = int(paid[-1] - paid[-2]) if len(paid) > 1 else 0
    beyond = paid[-1] + ((times - paid[-1]) // interval + 1) * interval if interval else 0
    found: Ints = np.where(place < len(paid), paid[np.minimum(place, len(paid) - 1)], beyond)
    return found


def _minutes(times: Ints) -> Ints:
    whole: Ints = (times + NS_PER_MINUTE // 2) // NS_PER_MINUTE * NS_PER_MINUTE
    return whole


def _opens_at(candles: Candles, times: Ints) -> Ints:
    # The open of the candle that each time lies in, a jitter before its open included; 0 without.
    place = np.searchsorted(candles.opens_ns, _minutes(times), "right") - 1
    inside = np.maximum(place, 0)
    known = (place >= 0) & (times < candles.closes_ns[inside])
    found: Ints = np.where(known, _e8(candles)[inside], 0)
    return found


def _e8(candles: Candles) -> Ints:
    scaled: Ints = np.rint(candles.price("open") * 10**MARK_PRICE_DIGITS).astype(np.int64)
    return scaled


def _rows(times: Ints, kind: EventKind, indexes: tuple[int, int]) -> EventArray:
    rows = np.zeros(len(times), EVENT)
    rows["event_time_ns"] = times
    rows["receive_time_ns"] = times + FEED_LATENCY_NS
    rows["kind"] = kind
    rows["instrument"], rows["source"] = indexes
    return rows
