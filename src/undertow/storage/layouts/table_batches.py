"""A large table read a piece at a time: CSV plain, gzip or zip by lines, Parquet by row groups.

Other forms come whole. Header and names are as in `raw_table`. Memory is a piece, whatever the
size of the file.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from undertow.domain.errors import DataError
from undertow.storage.layouts.raw_table import RawTable, column_cells, read_raw_table

BATCH_BYTES = 1 << 22
BATCH_ROWS = 131_072

_GZIP, _ZIP, _PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
_DAMAGE = (
    *(pa.ArrowException, OSError, EOFError, ValueError, OverflowError, struct.error, zlib.error),
    *(zipfile.BadZipFile, RuntimeError),  # the latter for zips with a password or of later kinds
)
_WHOLE = (b"ARROW1", b"FEA1", b"\x93NUMPY", _PARQUET)


def table_batches(path: Path) -> Iterator[RawTable]:
    """The pieces of a table, in order; raises `DataError` where it is damaged."""
    try:
        yield from _batches(path)
    except _DAMAGE as error:
        raise DataError(f"{path}: expected a readable table, found {error}") from error


def first_batch(path: Path) -> RawTable:
    """The first piece: enough to tell what a file is."""
    for batch in table_batches(path):
        return batch
    raise DataError(f"{path}: expected a table, found an empty file")


def _batches(path: Path) -> Iterator[RawTable]:
    with path.open("rb") as beginning:
        start = beginning.read(8)
    if start.startswith(_PARQUET):
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(batch_size=BATCH_ROWS):
                columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                yield RawTable("parquet", columns, True, path.name)
        return
    if start.startswith(_WHOLE):
        yield read_raw_table(path)
        return
    with ExitStack() as stack:
        name, file = _text(path, start, stack)
        head = file.readline(1 << 20)
        if head.lstrip()[:1] in (b"[", b"{"):
            yield read_raw_table(path)
            return
        yield from _csv_batches(name, head, file)


def _text(path: Path, start: bytes, stack: ExitStack) -> tuple[str, IO[bytes]]:
    if start.startswith(_GZIP):
        return path.name, cast(IO[bytes], stack.enter_context(gzip.open(path)))
    if start.startswith(_ZIP):
        archive = stack.enter_context(zipfile.ZipFile(path))
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise DataError(f"{path}: expected one file in the zip, found {len(names)}")
        return names[0], stack.enter_context(archive.open(names[0]))
    return path.name, stack.enter_context(path.open("rb"))


def _csv_batches(name: str, head: bytes, file: IO[bytes]) -> Iterator[RawTable]:
    names, has_header, mark = column_cells(head, name)
    rest = b"" if has_header else head
    while True:
        block = file.read(BATCH_BYTES)
        text, _, tail = (rest + block).rpartition(b"\n") if block else (rest, b"", b"")
        if text.strip():
            yield _parsed(text + b"\n", names, mark, RawTable("csv", {}, has_header, name))
        if not block:
            return
        rest = tail


def _parsed(text: bytes, names: list[str], mark: str, like: RawTable) -> RawTable:
    table = pyarrow.csv.read_csv(
        io.BytesIO(text),
        read_options=pyarrow.csv.ReadOptions(column_names=names, use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(delimiter=mark),
        convert_options=pyarrow.csv.ConvertOptions(timestamp_parsers=[], strings_can_be_null=True),
    )
    columns = {column: table.column(column).combine_chunks() for column in table.column_names}
    return RawTable("csv", columns, like.has_header, like.member)
