from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.storage.data_quality import QualityCounts
from undertow.storage.lake_part import (
    ROWS_AT_ONCE,
    PartFacts,
    Rows,
    check_steps,
    read_facts,
    read_part,
    write_part,
)


@pytest.fixture
def facts(table: InstrumentTable) -> PartFacts:
    return PartFacts(1, table[0], "binance", 5, 9, QualityCounts(rows=5, latency_min_ns=-7))


def _noise(count: int) -> EventArray:
    rows = np.frombuffer(np.random.default_rng(3).bytes(64 * count), EVENT).copy()
    rows["instrument"], rows["source"] = 2, 1
    return rows


def test_any_bits_round_trip_in_pieces(tmp_path: Path, facts: PartFacts) -> None:
    rows = _noise(ROWS_AT_ONCE + 100)
    numbers = np.arange(len(rows)) * 3 + 5
    path = tmp_path / "a" / "p.parquet"
    write_part(path, facts, [(numbers[:50], rows[:50]), (numbers[50:], rows[50:])])
    pieces = list(read_part(path, 2, 1))
    assert max(len(piece[1]) for piece in pieces) <= ROWS_AT_ONCE
    assert np.concatenate([piece[1] for piece in pieces]).tobytes() == rows.tobytes()
    assert np.array_equal(np.concatenate([piece[0] for piece in pieces]), numbers)
    assert read_facts(path) == facts


def test_any_reader_can_read_it(
    tmp_path: Path, facts: PartFacts, make_trades: Callable[[int], EventArray]
) -> None:
    rows = make_trades(1000)
    write_part(tmp_path / "p.parquet", facts, [(np.arange(1000), rows)])
    table = pq.read_table(tmp_path / "p.parquet")
    assert table.column("price_ticks").to_pylist() == rows["price_ticks"].tolist()
    assert (tmp_path / "p.parquet").stat().st_size < 30 * 1000


def test_a_write_that_fails_leaves_nothing(
    tmp_path: Path, tiny_disk: Path, facts: PartFacts
) -> None:
    with pytest.raises(StorageUnavailable, match="free space"):
        write_part(tiny_disk / "p.parquet", facts, [(np.arange(9000), _noise(9000))])
    assert list(tiny_disk.iterdir()) == []

    def pieces() -> Iterator[Rows]:
        yield np.arange(3), _noise(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_part(tmp_path / "p.parquet", facts, pieces())
    assert list(tmp_path.iterdir()) == [tiny_disk]


def test_damaged_and_foreign_files_are_named(tmp_path: Path, facts: PartFacts) -> None:
    path = tmp_path / "p.parquet"
    write_part(path, facts, [(np.arange(5000), _noise(5000))])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"p\.parquet: expected readable Parquet"):
        list(read_part(path, 0, 0))
    path.write_bytes(b"junk")
    with pytest.raises(DataError, match=r"p\.parquet: expected readable Parquet"):
        read_facts(path)
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(DataError, match="expected a part of recorded market data"):
        read_facts(path)


def test_another_version_is_refused(tmp_path: Path, facts: PartFacts) -> None:
    path = tmp_path / "p.parquet"
    write_part(path, msgspec.structs.replace(facts, version=2), [(np.arange(5), _noise(5))])
    with pytest.raises(DataError, match="expected part version 1, found 2"):
        read_facts(path)


def test_other_steps_are_refused(table: InstrumentTable) -> None:
    finer = msgspec.structs.replace(table[0], price_step=Step(1, 2))
    with pytest.raises(DataError, match=r"expected a price_step of 0.1, found 0.01: read it with"):
        check_steps(Path("p"), finer, table[0])
    check_steps(Path("p"), msgspec.structs.replace(table[0], max_leverage=5), table[0])
