from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.event_rows import from_array, to_array
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import BookLevel, BookUpdate, MarketEvent, Trade
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_HOUR
from undertow.storage.lake_reader import LakeReader, Span
from undertow.storage.recorder import Recorder

SOURCES = ("binance", "bybit")


def _events() -> list[MarketEvent]:
    events: list[MarketEvent] = []
    for i in range(300):
        time = NS_PER_HOUR + i * NS_PER_HOUR // 100
        instrument = i % 3
        source = int(instrument == 2)
        if i % 5:
            events.append(Trade(instrument, source, time - 9, time, Side.BUY, 10 + i, 1, i))
        else:
            level = BookLevel(Side.BUY, 10, 5)
            events.append(
                BookUpdate(instrument, source, time, time, i, i, i - 1, False, (level, level))
            )
    return events


@pytest.fixture
def lake(tmp_path: Path, table: InstrumentTable) -> Path:
    recorder = Recorder(tmp_path, table, SOURCES, 1)
    recorder.record(to_array(_events()))
    recorder.close()
    return tmp_path


def test_sources_are_merged_in_the_order_received(lake: Path, table: InstrumentTable) -> None:
    merged = LakeReader(lake, table, SOURCES).merged()
    rows = np.concatenate(list(merged))
    assert list(from_array(rows)) == _events()
    assert [counts.went_back for counts in merged.counts] == [0, 0]


def test_a_span_of_time(lake: Path, table: InstrumentTable) -> None:
    span = Span(NS_PER_HOUR * 3 // 2, NS_PER_HOUR * 5 // 2)
    rows = np.concatenate(list(LakeReader(lake, table, SOURCES).merged(span)))
    expected = [
        event for event in _events() if span.start_ns <= event.receive_time_ns < span.end_ns
    ]
    assert list(from_array(rows)) == expected


def test_another_table_gives_other_indexes(lake: Path, table: InstrumentTable) -> None:
    only = InstrumentTable([table[2], table[0]])
    rows = np.concatenate(list(LakeReader(lake, only, ("bybit", "binance")).merged()))
    assert set(rows["instrument"].tolist()) == {0, 1}
    assert np.array_equal(rows["source"], rows["instrument"])
    assert list(LakeReader(lake, only, ("okx",)).merged()) == []


def test_quality_over_a_span(lake: Path, table: InstrumentTable) -> None:
    reader = LakeReader(lake, table, SOURCES)
    whole = reader.quality(0, 0)
    assert (whole.trades, whole.book_updates) == (80, 20)
    first = reader.quality(0, 0, Span(0, NS_PER_HOUR * 2 - 1))
    assert 0 < first.trades < whole.trades
    assert reader.quality(0, 1).rows == 0


def test_other_ticks_and_missing_lakes_are_refused(lake: Path, table: InstrumentTable) -> None:
    changed = msgspec.structs.replace(table[0], qty_step=Step(1, 8))
    reader = LakeReader(lake, InstrumentTable([changed]), SOURCES)
    with pytest.raises(DataError, match="expected a qty_step of"):
        list(reader.source(0))
    with pytest.raises(DataError, match="found nothing at"):
        LakeReader(lake / "gone", table, SOURCES)
