"""One table in every form that is read."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from undertow.domain.errors import DataError
from undertow.storage.layouts.raw_table import RawTable, column_cells, read_raw_table, unzipped

TEXT = "time,open\n1704067200,1.5\n1704067260,2.5\n"


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(*members: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in members:
            archive.writestr(name, TEXT)
    return sink.getvalue()


def opens(raw: RawTable) -> list[float]:
    return list(raw.floats("open" if raw.has_header else "1").tolist())


def test_every_form(tmp_path: Path) -> None:
    table = pa.table({"time": [1704067200, 1704067260], "open": [1.5, 2.5]})
    rows = [[1704067200, 1.5], [1704067260, 2.5]]
    pq.write_table(table, tmp_path / "a.parquet")
    pyarrow.feather.write_feather(table, str(tmp_path / "a.feather"))
    np.save(tmp_path / "a.npy", np.array(rows))
    found = {
        "parquet": tmp_path / "a.parquet",
        "feather": tmp_path / "a.feather",
        "numpy": tmp_path / "a.npy",
        "json": put(tmp_path / "a.json", json.dumps(rows).encode()),
        "csv": put(tmp_path / "a.csv", TEXT.encode()),
    }
    for form, path in found.items():
        raw = read_raw_table(path)
        assert (raw.form, opens(raw), len(raw)) == (form, [1.5, 2.5], 2)
    for name, data in (
        ("b.jsongz", gzip.compress(json.dumps(rows).encode())),
        ("b.csv.gz", gzip.compress(TEXT.encode())),
        ("b.zip", zipped("inside.csv")),
        ("b2.json", json.dumps([{"time": 1, "open": 1.5}, {"time": 2, "open": 2.5}]).encode()),
        ("b3.csv", TEXT.replace(",", ";").encode()),
        ("b4.csv", TEXT.replace("\n", "\r\n").encode()),
    ):
        assert opens(read_raw_table(put(tmp_path / name, data))) == [1.5, 2.5]
    assert read_raw_table(tmp_path / "b.zip").member == "inside.csv"


def test_headers_are_told_from_numbers() -> None:
    assert column_cells(b"1672531200,1.5,2", "m") == (["0", "1", "2"], False, ",")
    assert column_cells(b"<DATE>\t<TIME>\t<OPEN>", "m") == (["DATE", "TIME", "OPEN"], True, "\t")
    assert column_cells(b"20190125 23:00,1.5", "m")[1] is False
    assert column_cells(b"123,1.5,true", "m")[1] is False
    with pytest.raises(DataError, match="different names"):
        column_cells(b"a,a", "m")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 cut", b"\x1f\x8b cut", b"PAR1 cut", b"ARROW1 cut", b"[1, 2", b'{"a": 1}',
     b"\x93NUMPY", b"[[1, 2], [3]]", b"\x00\x01\x02\x03", b"[1]"],
)  # fmt: skip
def test_damage_and_strangers_are_errors(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError):
        read_raw_table(put(tmp_path / "x", data))


def test_a_zip_of_several_files_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "x.zip", zipped("a.csv", "b.csv"))
    with pytest.raises(DataError, match="found 2"):
        unzipped(path)


def test_texts_that_are_no_numbers_are_nan(tmp_path: Path) -> None:
    raw = read_raw_table(put(tmp_path / "x.csv", b"time,open\n1704067200,x\n1704067260,2\n"))
    assert np.isnan(raw.floats("open")).tolist() == [True, False]
