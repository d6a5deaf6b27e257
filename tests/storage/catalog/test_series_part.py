"""Columns written and read again must be the same; damage must be noticed."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.catalog.series_part import (
    SERIES_VERSION,
    SeriesFacts,
    digest_of,
    read_series_facts,
    read_series_part,
    write_series_part,
)

Make = Callable[..., Candles]


@pytest.fixture
def facts(table: InstrumentTable) -> SeriesFacts:
    return SeriesFacts(SERIES_VERSION, table[0], SeriesName(SeriesKind.CANDLES, "5m"))


def test_what_is_written_is_read(tmp_path: Path, facts: SeriesFacts, make_candles: Make) -> None:
    columns, path = make_candles(1_000).columns, tmp_path / "a" / "2024-01.parquet"
    write_series_part(path, facts, columns)
    found, read = read_series_part(path)
    assert found == msgspec.structs.replace(facts, digest=digest_of(columns))
    assert read_series_facts(path) == found
    assert all(read[name].tolist() == values.tolist() for name, values in columns.items())
    assert list(tmp_path.rglob("*.tmp")) == []


def test_damage_is_noticed(tmp_path: Path, facts: SeriesFacts, make_candles: Make) -> None:
    path = tmp_path / "2024-01.parquet"
    write_series_part(path, facts, make_candles(1_000).columns)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataError, match="expected readable Parquet"):
        read_series_part(path)


def test_other_files_are_refused(tmp_path: Path, facts: SeriesFacts) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(DataError, match="found another file"):
        read_series_facts(path)
    newer = msgspec.structs.replace(facts, version=99)
    schema = pa.schema([("a", pa.int64())]).with_metadata(
        {b"undertow.series": msgspec.json.encode(newer)}
    )
    pq.write_table(pa.table({"a": [1]}).cast(schema), path)
    with pytest.raises(DataError, match="expected series version 1, found 99"):
        read_series_facts(path)
    path.write_bytes(b"nothing")
    with pytest.raises(DataError, match="expected readable Parquet"):
        read_series_part(path)


def test_a_refusing_disk_leaves_nothing(
    read_only_folder: Path, facts: SeriesFacts, make_candles: Make
) -> None:
    with pytest.raises(StorageUnavailable):
        write_series_part(read_only_folder / "2024-01.parquet", facts, make_candles(3).columns)
    assert list(read_only_folder.iterdir()) == []


def test_equal_columns_have_equal_digests(make_candles: Make) -> None:
    first, second = make_candles(50).columns, make_candles(50).columns
    assert digest_of(first) == digest_of(second)
    second["close"] = second["close"] + (np.arange(50) == 7)
    assert digest_of(first) != digest_of(second)
