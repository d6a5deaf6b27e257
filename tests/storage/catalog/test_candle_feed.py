"""The three feeds give the same bars, whole or by spans."""

from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.candle_feed import (
    CandleFeed,
    HeldCandles,
    ResampledCandles,
    StoredCandles,
    divides,
)
from undertow.storage.catalog.candles import Candles, joined, resampled
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import SERIES_VERSION, SeriesFacts
from undertow.storage.catalog.series_store import SeriesStore
from undertow.storage.catalog.time_range import ALL_TIME, TimeRange

Make = Callable[..., Candles]


@pytest.fixture
def stored(tmp_path: Path, table: InstrumentTable, make_candles: Make) -> StoredCandles:
    facts = SeriesFacts(SERIES_VERSION, table[0], SeriesName(SeriesKind.CANDLES, "5m"))
    store = SeriesStore(tmp_path)
    store.add(facts, make_candles(10_000).columns)  # January and a part of February
    return StoredCandles(table[0], "5m", store)


def closes(feed: CandleFeed, span: TimeRange = ALL_TIME) -> list[int]:
    parts = [part for part in feed.parts(span) if len(part)]
    return list(joined(parts).columns["close"].tolist()) if parts else []


def test_files_and_memory_give_the_same(stored: StoredCandles, make_candles: Make) -> None:
    held = HeldCandles(stored.instrument, make_candles(10_000))
    assert held.timeframe == "5m"
    start = int(held.candles.opens_ns[7_000])
    spans = [
        ALL_TIME,
        TimeRange(start),
        TimeRange(start, start + 86_400 * 10**9),
        TimeRange(0, start),
    ]
    for span in spans:
        assert closes(stored, span) == closes(held, span)
    assert len(list(stored.parts(ALL_TIME))) == 2


def test_digests_tell_spans_and_contents_apart(stored: StoredCandles, make_candles: Make) -> None:
    other = HeldCandles(stored.instrument, make_candles(10_000, seed=2))
    held = HeldCandles(stored.instrument, make_candles(10_000))
    assert held.digest(ALL_TIME) != other.digest(ALL_TIME)
    part = TimeRange(0, int(held.candles.opens_ns[500]))
    for feed in (stored, held, ResampledCandles(stored, "1h", ALL_TIME)):
        assert feed.digest(part) != feed.digest(ALL_TIME)
        assert feed.digest(part) == feed.digest(part)


def test_larger_bars_from_anywhere(stored: StoredCandles, make_candles: Make) -> None:
    candles = make_candles(10_000)
    feed = ResampledCandles(stored, "1h", ALL_TIME)
    expected = resampled(candles, "1h")
    assert closes(feed) == expected.columns["close"].tolist()
    assert feed.instrument == stored.instrument
    start = int(expected.opens_ns[100])
    later = closes(feed, TimeRange(start))
    assert later == expected.columns["close"][100:].tolist()


def test_which_bars_divide_which() -> None:
    assert divides("1m", "5m")
    assert divides("1h", "1M")
    assert divides("1d", "1w")
    assert not divides("3m", "5m")
    assert not divides("3d", "1w")
    assert not divides("1w", "1M")
    assert divides("1M", "1M")
