"""Recorded rows: crossed quotes, slow clocks, weekends in another zone."""

from pathlib import Path

import numpy as np

from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.storage.catalog.lake_feed import lake_feeds
from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.checks.finding import Finding, Severity
from undertow.storage.checks.lake_check import check_rows
from undertow.storage.checks.market_hours import is_open
from undertow.storage.imports.tick_store import TickStore
from undertow.storage.layouts.source_series import instrument_of

MINUTE = 60 * 10**9
START = 1_704_067_200 * 10**9


def quotes(times: "np.ndarray[tuple[int], np.dtype[np.int64]]", spread: int = 2) -> EventArray:
    rows = np.zeros(len(times), EVENT)
    rows["kind"] = EventKind.QUOTE
    rows["event_time_ns"], rows["receive_time_ns"] = times, times + 5_000_000
    rows["price_ticks"], rows["price_b"] = 100, 100 + spread
    return rows


def found(tmp_path: Path, instrument: Instrument, rows: EventArray) -> list[Finding]:
    store = TickStore(tmp_path, instrument, "x.spot.quotes")
    store.add(rows)
    store.close()
    (feed,) = lake_feeds(tmp_path, lambda one: True)
    return check_rows(feed)


def test_weekends_tell_the_clock_of_ticks(tmp_path: Path) -> None:
    minutes = START + np.arange(9 * 1_440 // 7) * 7 * MINUTE
    opened = minutes[is_open(minutes, "forex")]
    euro = instrument_of(symbol_of("EUR/USD"), "x")
    assert found(tmp_path / "utc", euro, quotes(opened)) == []
    (finding,) = found(tmp_path / "est", euro, quotes(opened - 300 * MINUTE))
    assert finding.kind == "time_zone"
    assert "--timezone -05:00" in finding.text
    coin = instrument_of(symbol_of("BTC/USD"), "x")
    assert found(tmp_path / "coin", coin, quotes(opened - 300 * MINUTE)) == []


def test_crossed_quotes_by_their_share(tmp_path: Path) -> None:
    coin = instrument_of(symbol_of("BTC/USD"), "x")
    times = START + np.arange(1_000) * MINUTE
    rows = quotes(times)
    rows["price_b"][:5] = 99
    (few,) = found(tmp_path / "few", coin, rows)
    assert (few.kind, few.count, few.severity) == ("crossed_quotes", 5, Severity.DOUBT)
    rows["price_b"][:50] = 100
    (many,) = found(tmp_path / "many", coin, rows)
    assert (many.count, many.severity) == (50, Severity.BAD)


def test_gaps_and_a_slow_clock(tmp_path: Path) -> None:
    coin = instrument_of(symbol_of("BTC/USD"), "x")
    rows = quotes(START + np.arange(10) * MINUTE)
    rows["event_time_ns"] += 2 * 10**9
    rows["kind"][4], rows["qty_lots"][4] = EventKind.GAP, 12
    kinds = {one.kind: one for one in found(tmp_path, coin, rows)}
    assert "12 messages lost" in kinds["gap"].text
    assert "2.00 s slow" in kinds["clock"].text or "1.99" in kinds["clock"].text
