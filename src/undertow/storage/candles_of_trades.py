"""Candles made of recorded trades by the same kernel that makes bars in a run.

A stretch without trades is a flat bar without volume; the last bar, which may go on, is left out.
"""

from collections.abc import Iterator

import numpy as np

from undertow.domain.market_event import EventKind
from undertow.domain.time import NS_PER_S
from undertow.flow.bar_builder import BarBuilder, TradeBars
from undertow.flow.bar_kinds import TimeBars
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.lake_feed import LakeFeed
from undertow.storage.catalog.series_part import TIME
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.storage.catalog.timeframe_names import length_ns


def candles_of_trades(
    feed: LakeFeed, timeframe: str, span: TimeRange = ALL_TIME
) -> Iterator[Candles]:
    """Parts of candles of one source's trades, in order of time."""
    kind = TimeBars(length_ns(timeframe) // NS_PER_S)
    builder = BarBuilder(kind, feed.instrument, kept=1)
    last_ns = 0
    for rows in feed.rows(span, 0, 0):
        trades = rows[rows["kind"] == EventKind.TRADE]
        if not len(trades):
            continue
        last_ns = max(last_ns, int(trades["event_time_ns"].max()))
        bars = builder.push(trades)
        if len(bars):
            yield _candles(bars, feed, timeframe)
    if last_ns:
        rest = builder.advance_to(last_ns + kind.lateness_ns)
        if len(rest):
            yield _candles(rest, feed, timeframe)


def _candles(bars: TradeBars, feed: LakeFeed, timeframe: str) -> Candles:
    instrument = feed.instrument
    bought = np.rint(bars["buy_lots"]).astype(np.int64)
    columns = {
        TIME: bars["open_time_ns"].copy(),
        "open": bars["open_ticks"].copy(),
        "high": bars["high_ticks"].copy(),
        "low": bars["low_ticks"].copy(),
        "close": bars["close_ticks"].copy(),
        "volume": bought + np.rint(bars["sell_lots"]).astype(np.int64),
        "bought": bought,
        "trades": bars["buy_trades"] + bars["sell_trades"],
    }
    return Candles(timeframe, instrument.price_step, instrument.qty_step, columns)
