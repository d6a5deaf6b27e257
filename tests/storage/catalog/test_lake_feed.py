"""Rows put into hour parts come back as they were, in any steps."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage.catalog.lake_feed import fidelity_of, lake_feeds
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange
from undertow.storage.data_quality import QualityCounts
from undertow.storage.imports.tick_store import TickStore

HOUR = 3_600 * 10**9


def put(lake: Path, instrument: Instrument, rows: EventArray) -> None:
    store = TickStore(lake, instrument, "binance.linear.trades")
    store.add(rows)
    store.close()


def test_rows_come_back(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(20_000)
    rows["receive_time_ns"] += np.arange(20_000) * 10**9
    put(tmp_path, table[0], rows)
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    assert feed.span == (int(rows["receive_time_ns"][0]), int(rows["receive_time_ns"][-1]) + 1)
    assert (feed.instrument, feed.source) == (table[0], "binance.linear.trades")
    assert feed.quality.trades == 20_000
    found = np.concatenate(list(feed.rows(ALL_TIME, 3, 2)))
    assert set(found["instrument"].tolist()) == {3}
    found["instrument"] = found["source"] = 0
    assert found.tobytes() == rows.tobytes()
    start = feed.span[0] + HOUR
    part = np.concatenate(list(feed.rows(TimeRange(start, start + HOUR), 0, 0)))
    assert part["sequence"].tolist() == rows["sequence"][3_600:7_200].tolist()
    assert feed.digest(ALL_TIME) != feed.digest(TimeRange(start))
    assert lake_feeds(tmp_path, lambda one: False) == []


def test_parts_of_other_steps_are_counted_anew(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    first, second = make_trades(10), make_trades(10)
    second["receive_time_ns"] += 2 * HOUR
    put(tmp_path, table[0], first)
    finer = msgspec.structs.replace(table[0], price_step=Step(1, 2))
    second["price_ticks"] *= 10
    put(tmp_path, finer, second)
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    assert feed.instrument.price_step == Step(1, 2)
    found = np.concatenate(list(feed.rows(ALL_TIME, 0, 0)))
    assert set(found["price_ticks"].tolist()) == {6_000_000}


def test_fidelity_is_the_most_of_all_sources(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    put(tmp_path, table[0], make_trades(10))
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    quotes = msgspec.structs.replace(feed, quality=QualityCounts(quotes=1))
    books = msgspec.structs.replace(feed, quality=QualityCounts(book_updates=1))
    found = [fidelity_of(feeds) for feeds in ([feed], [feed, quotes], [quotes, books])]
    assert [one.value for one in found] == ["trades", "quotes", "L2"]


def test_only_hours_of_the_span_are_looked_at(
    tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(20_000)
    rows["receive_time_ns"] += np.arange(20_000) * 10**9
    put(tmp_path, table[0], rows)
    start = int(rows["receive_time_ns"][10_000])
    (feed,) = lake_feeds(tmp_path, lambda one: True, TimeRange(start, start + 10**9))
    assert feed.span[0] > int(rows["receive_time_ns"][0])
    assert 0 < feed.quality.trades <= 3_600
    assert lake_feeds(tmp_path, lambda one: True, TimeRange(1, 2)) == []
