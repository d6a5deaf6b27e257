"""Bars of trades against a slow loop over the seconds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.candles_of_trades import candles_of_trades
from undertow.storage.catalog.candles import joined
from undertow.storage.catalog.lake_feed import lake_feeds
from undertow.storage.imports.tick_store import TickStore

SECOND = 10**9
START = 1_704_067_200 * SECOND


def test_minutes_of_trades(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    rng, rows = np.random.default_rng(7), make_trades(30_000)
    rows["event_time_ns"] = START + np.sort(rng.integers(0, 7_200, 30_000)) * SECOND + 1
    rows["receive_time_ns"] = rows["event_time_ns"] + 5_000_000
    rows["price_ticks"] = rng.integers(500, 600, 30_000)
    rows["qty_lots"] = rng.integers(1, 9, 30_000)
    rows["side"] = rng.choice([-1, 1], 30_000)
    store = TickStore(tmp_path, table[0], "binance.linear.trades")
    store.add(rows)
    store.close()
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    found = joined(list(candles_of_trades(feed, "1m"))).columns
    assert found["time_ns"].tolist() == [START + n * 60 * SECOND for n in range(119)] + (
        [START + 119 * 60 * SECOND] if len(found["time_ns"]) == 120 else []
    )
    minute = (rows["event_time_ns"] - START) // (60 * SECOND)
    for place in (0, 1, 57, 118):
        mine = rows[minute == place]
        price, lots = mine["price_ticks"], mine["qty_lots"]
        values = [int(found[name][place]) for name in ("open", "high", "low", "close", "volume")]
        assert values == [price[0], price.max(), price.min(), price[-1], lots.sum()]
        assert found["bought"][place] == lots[mine["side"] == 1].sum()
        assert found["trades"][place] == len(mine)


def test_no_trades_no_candles(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(3)
    rows["kind"] = 5
    store = TickStore(tmp_path, table[0], "binance.linear.quotes")
    store.add(rows)
    store.close()
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    assert list(candles_of_trades(feed, "1m")) == []
