"""One file of a series: whole numbers by time as Parquet columns, and what they are.

The first column is the time, ascending and each once; the others are counts of the steps in the
file's own facts, so that a file can be read rightly whatever steps its neighbours have. Integers
are delta-coded and zstd-compressed. Any Parquet reader can read the files.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument
from undertow.storage.atomic_file import TEMPORARY_SUFFIX, put_in_place
from undertow.storage.catalog.series_name import SeriesKind, SeriesName
from undertow.storage.disk_refusal import refusals

SERIES_VERSION = 1
TIME = "time_ns"
UNKNOWN = -1
"""What `bought` and `trades` hold where the source does not tell."""

Columns = dict[str, NDArray[np.int64]]

PRICES = ("open", "high", "low", "close")
QUANTITIES = ("volume", "bought")
CANDLE_COLUMNS = (TIME, *PRICES, *QUANTITIES, "trades")
FUNDING_COLUMNS = (TIME, "rate_e12", "mark_e8")

_FACTS = b"undertow.series"


class SeriesFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of a series says of itself.

    instrument: with the price and quantity step that this file's numbers are counted in.
    steps_from: `venue`, or `inferred` from the numbers.
    volume_unit: `units` (coins or contracts), `quote`, `ticks` (number of price changes), `none`.
    digest: of the columns.
    """

    version: int
    instrument: Instrument
    series: SeriesName
    steps_from: str = "inferred"
    volume_unit: str = "units"
    digest: str = ""


def column_names(kind: SeriesKind) -> tuple[str, ...]:
    """The columns of a kind of series."""
    return FUNDING_COLUMNS if kind is SeriesKind.FUNDING else CANDLE_COLUMNS


def digest_of(columns: Columns) -> str:
    """A digest of the numbers, column by column."""
    digest = hashlib.blake2b(digest_size=16)
    for name, values in columns.items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def write_series_part(path: Path, facts: SeriesFacts, columns: Columns) -> None:
    """Write a file so that it is there whole or not at all; raises `StorageUnavailable`."""
    names = column_names(facts.series.kind)
    assert tuple(columns) == names
    assert (np.diff(columns[TIME]) > 0).all()
    facts = msgspec.structs.replace(facts, digest=digest_of(columns))
    schema = pa.schema([pa.field(name, pa.int64(), nullable=False) for name in names])
    schema = schema.with_metadata({_FACTS: msgspec.json.encode(facts)})
    table = pa.Table.from_arrays([pa.array(columns[name]) for name in names], schema=schema)
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with refusals("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                pq.write_table(
                    table,
                    file,
                    compression="zstd",
                    compression_level=3,
                    use_dictionary=False,
                    column_encoding=dict.fromkeys(names, "DELTA_BINARY_PACKED"),
                    write_page_checksum=True,
                )
                file.flush()
                os.fsync(file.fileno())
            put_in_place(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def read_series_facts(path: Path) -> SeriesFacts:
    """What a file says of itself; raises `DataError` when it is no file of a series of ours."""
    return _facts(path, _read_schema(path).metadata or {})


def read_series_part(path: Path) -> tuple[SeriesFacts, Columns]:
    """The facts and the columns; raises `DataError` for an unreadable or damaged file."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: expected readable Parquet, found {error}") from error
    facts = _facts(path, table.schema.metadata or {})
    columns = {name: table.column(name).to_numpy() for name in column_names(facts.series.kind)}
    return facts, columns


def _read_schema(path: Path) -> "pa.Schema":
    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: expected readable Parquet, found {error}") from error


def _facts(path: Path, metadata: dict[bytes, bytes]) -> SeriesFacts:
    if _FACTS not in metadata:
        raise DataError(f"{path}: expected a series of market data, found another file")
    try:
        facts = msgspec.json.decode(metadata[_FACTS], type=SeriesFacts)
    except ValueError as error:
        raise DataError(f"{path}: expected the facts of a series, found {error}") from error
    if facts.version != SERIES_VERSION:
        raise DataError(f"{path}: expected series version {SERIES_VERSION}, found {facts.version}")
    return facts
