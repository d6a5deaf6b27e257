from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.storage import lake_compaction
from undertow.storage.lake_compaction import compact_hour
from undertow.storage.lake_part import PartFacts, Rows, write_part
from undertow.storage.lake_reader import LakeReader
from undertow.storage.recorder import Recorder, RecorderConfig

SOURCES = ("binance", "bybit")


@pytest.fixture
def lake(tmp_path: Path, table: InstrumentTable, make_trades: Callable[[int], EventArray]) -> Path:
    recorder = Recorder(tmp_path, table, SOURCES, 1, RecorderConfig(10, 1))
    rows = make_trades(100)
    rows["source"] = [i % 2 for i in range(100)]
    for i in range(0, 100, 20):
        recorder.record(rows[i : i + 20])
    recorder.close()
    return tmp_path


def _hour(lake: Path) -> Path:
    (hour,) = {path.parent for path in lake.rglob("*.parquet")}
    return hour


def _read(lake: Path, table: InstrumentTable) -> list[bytes]:
    reader = LakeReader(lake, table, SOURCES)
    return [b"".join(rows.tobytes() for rows in reader.source(rank)) for rank in (0, 1)]


def test_an_hour_becomes_one_file_a_source(lake: Path, table: InstrumentTable) -> None:
    before, quality = _read(lake, table), LakeReader(lake, table, SOURCES).quality(0, 0)
    assert len(list(_hour(lake).iterdir())) == 10
    assert compact_hour(_hour(lake)) == 10
    assert len(list(_hour(lake).iterdir())) == 2
    assert _read(lake, table) == before
    assert LakeReader(lake, table, SOURCES).quality(0, 0) == quality
    assert compact_hour(_hour(lake)) == 0


def test_a_crash_before_the_removal_doubles_nothing(
    lake: Path, table: InstrumentTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _read(lake, table)
    with monkeypatch.context() as crash:
        crash.setattr(lake_compaction, "_covered", _die)
        with pytest.raises(KeyboardInterrupt):
            compact_hour(_hour(lake))
    (_hour(lake) / "binance.x.parquet.tmp").touch()
    assert len(list(_hour(lake).iterdir())) == 12
    assert _read(lake, table) == before
    compact_hour(_hour(lake))
    assert len(list(_hour(lake).iterdir())) == 2
    assert _read(lake, table) == before


def _die(folder: Path, source: str, first: int, last: int) -> None:
    raise KeyboardInterrupt


def test_a_join_that_reads_back_otherwise_is_thrown_away(
    lake: Path, table: InstrumentTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _read(lake, table)
    real = write_part

    def lose_a_row(path: Path, facts: PartFacts, pieces: Iterable[Rows]) -> None:
        real(path, facts, [(numbers[1:], rows[1:]) for numbers, rows in pieces])

    with monkeypatch.context() as broken:
        broken.setattr(lake_compaction, "write_part", lose_a_row)
        with pytest.raises(DataError, match="expected the rows of its parts"):
            compact_hour(_hour(lake))
    assert len(list(_hour(lake).iterdir())) == 10
    assert _read(lake, table) == before
