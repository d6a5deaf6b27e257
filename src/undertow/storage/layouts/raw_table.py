"""A table as it stands in a file: named columns of numbers or texts, whatever they mean.

Read are CSV (also gzip, zip with one member, zstd by Arrow), Parquet, Feather, JSON rows (freqtrade
`json`, `jsongz`) and numpy arrays (`.npy`). What a file is, is told by its first bytes, not by its
name.
"""

import gzip
import io
import json
import struct
import zipfile
import zlib
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
from numpy.typing import NDArray

from undertow.domain.errors import DataError

_GZIP, _ZIP, _PARQUET, _FEATHER, _NUMPY = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"PAR1",
    b"ARROW1",
    b"\x93NUMPY",
)
_FEATHER_1 = b"FEA1"
_DAMAGE = (
    *(pa.ArrowException, OSError, EOFError, ValueError, OverflowError, struct.error, zlib.error),
    *(zipfile.BadZipFile, RuntimeError),  # the latter for zips with a password or of later kinds
)


class RawTable(msgspec.Struct, frozen=True):
    """Columns by name, in order. Without a header in the file names are `0`, `1`, ...

    form: csv, parquet, feather, json or numpy. member: the name inside a zip, else the file's.
    """

    form: str
    columns: dict[str, "pa.Array"]
    has_header: bool
    member: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def floats(self, name: str) -> NDArray[np.float64]:
        """A column as floats; what is no number is NaN."""
        column = self.columns[name]
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            return np.array([_number(text) for text in column.to_pylist()], np.float64)
        found: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return found


def read_raw_table(path: Path) -> RawTable:
    """Read a file; raises `DataError` when it is no table or damaged."""
    try:
        return _read(path)
    except _DAMAGE as error:
        raise DataError(f"{path}: expected a readable table, found {error}") from error


def _read(path: Path) -> RawTable:
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise DataError(f"{path}: expected a table, found an empty file")
    if start.startswith(_PARQUET):
        return _of_arrow("parquet", pq.read_table(path), path.name)
    if start.startswith((_FEATHER, _FEATHER_1)):
        return _of_arrow("feather", pyarrow.feather.read_table(path), path.name)
    name, data = path.name, path.read_bytes()
    if start.startswith(_GZIP):
        data = gzip.decompress(data)
    elif start.startswith(_ZIP):
        name, data = unzipped(path)
    if data.startswith(_NUMPY):
        return _of_numpy(data, name)
    if data.lstrip()[:1] in (b"[", b"{"):
        return _of_json(data, name)
    return _of_csv(data, name)


def unzipped(path: Path) -> tuple[str, bytes]:
    """Name and content of the only file in a zip."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise DataError(f"{path}: expected one file in the zip, found {len(names)}")
        return names[0], archive.read(names[0])


def _of_arrow(form: str, table: "pa.Table", member: str) -> RawTable:
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    return RawTable(form, columns, True, member)


def _of_numpy(data: bytes, member: str) -> RawTable:
    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.ndim != 2 or not array.dtype.isnative or array.dtype.kind not in "fi":
        raise DataError(f"{member}: expected a numpy array of numbers, rows x columns")
    columns = {str(place): pa.array(array[:, place]) for place in range(array.shape[1])}
    return RawTable("numpy", columns, False, member)


def _of_json(data: bytes, member: str) -> RawTable:
    rows: Any = json.loads(data)
    if isinstance(rows, dict) or (rows and not isinstance(rows[0], list | dict)):
        raise DataError(f"{member}: expected JSON rows, found something else")
    if rows and isinstance(rows[0], dict):
        names = list(rows[0])
        columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
        return RawTable("json", columns, True, member)
    width = len(rows[0]) if rows else 0
    if any(len(row) != width for row in rows):
        raise DataError(f"{member}: expected rows of {width} values, found others")
    columns = {str(place): pa.array([row[place] for row in rows]) for place in range(width)}
    return RawTable("json", columns, False, member)


def column_cells(head: bytes, member: str) -> tuple[list[str], bool, str]:
    """Names of the columns, whether the first line says them, and the mark between cells."""
    first = head.decode("utf-8-sig", "replace").strip()
    if not first or "\x00" in first:
        raise DataError(f"{member}: expected lines of text, found none")
    mark = max((";", "\t", ","), key=first.count)
    cells = [cell.strip().strip('"') for cell in first.split(mark)]
    has_header = not any(cell[:1].isdigit() for cell in cells) and any(
        cell and not isfinite(_number(cell)) for cell in cells
    )
    names = [cell.strip("<>") for cell in cells]
    if not has_header:
        names = [str(place) for place in range(len(cells))]
    if len(set(names)) != len(names):
        raise DataError(f"{member}: expected columns of different names, found {first[:80]!r}")
    return names, has_header, mark


def _of_csv(data: bytes, member: str) -> RawTable:
    names, has_header, mark = column_cells(data.split(b"\n", 1)[0], member)
    table = pyarrow.csv.read_csv(
        io.BytesIO(data),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, skip_rows=int(has_header), use_threads=False
        ),
        parse_options=pyarrow.csv.ParseOptions(delimiter=mark),
        convert_options=pyarrow.csv.ConvertOptions(
            timestamp_parsers=[], strings_can_be_null=True, null_values=["", "nan", "NaN", "null"]
        ),
    )
    found = _of_arrow("csv", table, member)
    return RawTable("csv", found.columns, has_header, member)


def _number(text: Any) -> float:
    try:
        return float(text) if text is not None else float("nan")
    except (ValueError, TypeError, OverflowError):
        return float("nan")
