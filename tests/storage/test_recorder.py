from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError, InvariantBroken, StorageUnavailable
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.time import NS_PER_HOUR
from undertow.storage import lake_part
from undertow.storage.lake_part import read_facts
from undertow.storage.lake_reader import LakeReader
from undertow.storage.recorder import Recorder, RecorderConfig

SOURCES = ("binance", "bybit")


def _rows(count: int, seed: int, start_ns: int = 0) -> EventArray:
    """Trades of three instruments from two sources over a few hours; times may go back."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    rows["kind"], rows["side"], rows["qty_lots"] = 1, 1, rng.integers(1, 100, count)
    rows["price_ticks"] = rng.integers(1, 1000, count)
    steps = rng.integers(-NS_PER_HOUR // 50, NS_PER_HOUR // 10, count)
    rows["receive_time_ns"] = start_ns + NS_PER_HOUR + np.cumsum(steps)
    rows["event_time_ns"] = rows["receive_time_ns"] - 5
    rows["instrument"] = rng.integers(0, 3, count)
    rows["source"] = rows["instrument"] == 2
    rows["sequence"] = np.arange(count)
    return rows


def _of(rows: EventArray, source: int) -> bytes:
    return bytes(rows[rows["source"] == source].tobytes())


def _read(lake: Path, table: InstrumentTable, source: int) -> bytes:
    found = list(LakeReader(lake, table, SOURCES).source(source))
    return b"".join(rows.tobytes() for rows in found)


@settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=12,
)
@given(st.lists(st.integers(0, 300), max_size=5), st.integers(0, 99), st.sampled_from([20, 10_000]))
def test_what_is_recorded_is_read_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory,
    table: InstrumentTable,
    cuts: list[int],
    seed: int,
    most: int,
) -> None:
    lake = tmp_path_factory.mktemp("lake")
    rows = _rows(200, seed)
    recorder = Recorder(lake, table, SOURCES, 1, RecorderConfig(most, 50))
    for part in np.split(rows, sorted(min(cut, 200) for cut in cuts)):
        recorder.record(part)
        if len(part) > 20:
            recorder.flush()
    recorder.close()
    for source in (0, 1):
        assert _read(lake, table, source) == _of(rows, source)


def test_a_later_run_goes_on_after_an_earlier(tmp_path: Path, table: InstrumentTable) -> None:
    both = [_rows(100, 1), _rows(100, 2, 100 * NS_PER_HOUR)]
    for run, rows in enumerate(both, 1):
        recorder = Recorder(tmp_path, table, SOURCES, run)
        recorder.record(rows)
        recorder.close()
    assert _read(tmp_path, table, 0) == _of(np.concatenate(both), 0)


def test_finished_hours_and_full_parts_are_written_on_the_way(
    tmp_path: Path, table: InstrumentTable
) -> None:
    recorder = Recorder(tmp_path, table, SOURCES, 1, RecorderConfig(10, 1))
    recorder.record(_rows(200, 5))
    files = list(tmp_path.rglob("*.parquet"))
    assert len(files) > 5
    recorder.flush()
    assert len(list(tmp_path.rglob("*.parquet"))) > len(files)
    recorder.record(_rows(0, 5))
    recorder.close()


def test_quality_is_stored_with_the_data(tmp_path: Path, table: InstrumentTable) -> None:
    recorder = Recorder(tmp_path, table, SOURCES, 1)
    recorder.record(_rows(200, 5))
    recorder.close()
    facts = [read_facts(path) for path in tmp_path.rglob("*.parquet")]
    assert sum(one.quality.rows for one in facts) == 200
    assert {one.quality.latency_min_ns for one in facts} == {5}
    assert {one.instrument.venue for one in facts} == {"binance", "bybit"}


def test_a_failed_write_keeps_the_rows_for_the_next(
    tmp_path: Path, table: InstrumentTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _rows(200, 5)
    recorder = Recorder(tmp_path / "lake", table, SOURCES, 1)
    recorder.record(rows)
    with monkeypatch.context() as broken:
        broken.setattr(lake_part, "put_in_place", _full)
        for _ in range(2):
            with pytest.raises(StorageUnavailable, match="free space"):
                recorder.flush()
    assert list(tmp_path.rglob("*.parquet*")) == []
    recorder.close()
    for source in (0, 1):
        assert _read(tmp_path / "lake", table, source) == _of(rows, source)


def _full(temporary: Path, path: Path) -> None:
    raise OSError(28, "No space left on device")


def test_bad_settings_are_refused(tmp_path: Path, table: InstrumentTable) -> None:
    with pytest.raises(InvariantBroken, match="run number"):
        Recorder(tmp_path, table, SOURCES, 0)
    with pytest.raises(ConfigurationError, match="differ in letters"):
        Recorder(tmp_path, table, ("a:b", "a_b"), 1)
    with pytest.raises(ConfigurationError, match="at least 1"):
        RecorderConfig(rows_a_part=0)
    recorder = Recorder(tmp_path, table, ("binance",), 1)
    recorder.record(_rows(200, 5))
    with pytest.raises(InvariantBroken, match="expected 1 sources, found 1"):
        recorder.flush()


@pytest.mark.recorded
def test_recorded_data_round_trips_in_a_few_bytes_a_row(
    tmp_path: Path, table: InstrumentTable, recorded_rows: EventArray
) -> None:
    recorder = Recorder(tmp_path, table, ("binance",), 1)
    for start in range(0, len(recorded_rows), 997):
        recorder.record(recorded_rows[start : start + 997])
    recorder.close()
    (path,) = tmp_path.rglob("*.parquet")
    assert path.parent.name == "23"
    assert path.stat().st_size < 16 * len(recorded_rows)
    found = list(LakeReader(tmp_path, table, ("binance",)).source(0))
    assert b"".join(rows.tobytes() for rows in found) == recorded_rows.tobytes()
