"""Pieces put together are the whole table, wherever the borders fall."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from undertow.domain.errors import DataError
from undertow.storage.layouts import table_batches as module
from undertow.storage.layouts.table_batches import first_batch, table_batches

LINES = [f"{1_704_067_200 + n},{n / 4},{'true' if n % 2 else 'false'}" for n in range(500)]


@pytest.mark.parametrize("size", [30, 97, 1_000, 1 << 22])
@pytest.mark.parametrize("head", ["", "time,price,side\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_pieces_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, head: str, end: str
) -> None:
    monkeypatch.setattr(module, "BATCH_BYTES", size)
    data = (head + "\n".join(LINES) + end).encode()
    paths = [tmp_path / name for name in ("a.csv", "a.csv.gz", "a.zip")]
    paths[0].write_bytes(data)
    paths[1].write_bytes(gzip.compress(data))
    with zipfile.ZipFile(paths[2], "w") as archive:
        archive.writestr("a.csv", data)
    name = "price" if head else "1"
    for path in paths:
        pieces = list(table_batches(path))
        values = np.concatenate([piece.floats(name) for piece in pieces])
        assert values.tolist() == [n / 4 for n in range(500)]
        assert {piece.has_header for piece in pieces} == {bool(head)}


def test_parquet_and_small_forms(tmp_path: Path) -> None:
    table = pa.table({"price": [0.5, 1.5]})
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "a.json").write_text("[[1, 2.5]]")
    assert first_batch(tmp_path / "a.parquet").floats("price").tolist() == [0.5, 1.5]
    assert first_batch(tmp_path / "a.json").floats("1").tolist() == [2.5]


def test_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(("\n".join(LINES)).encode())[:-20])
    with pytest.raises(DataError):
        list(table_batches(path))
    path.write_bytes(b"time,price\n")
    with pytest.raises(DataError, match="empty file"):
        first_batch(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match="found none"):
        first_batch(path)
