"""One part file of the lake: `EVENT` rows as Parquet columns, and what they are.

The columns are those of `EVENT` without `instrument` and `source`, which the path and the file's
own facts name, and with `row`, the row's number in its source. Prices are ticks and quantities
lots of the instrument in the facts. Integers are delta-coded and zstd-compressed: about 10 bytes a
row. Any Parquet reader can read the files.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EVENT, EventArray
from undertow.storage.atomic_file import TEMPORARY_SUFFIX, put_in_place
from undertow.storage.data_quality import QualityCounts
from undertow.storage.disk_refusal import refusals

PART_VERSION = 1
ROWS_AT_ONCE = 8_192

_FACTS = b"undertow.part"
_LONG = (
    "event_time_ns", "receive_time_ns", "price_ticks", "qty_lots", "price_b", "qty_b", "sequence",
)  # fmt: skip
_SHORT = ("kind", "side", "flags")
_DELTA = dict.fromkeys(("row", *_LONG), "DELTA_BINARY_PACKED")

Rows = tuple[NDArray[np.int64], EventArray]
"""The numbers of rows in their source, and the rows."""


class PartFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a part file says of itself."""

    version: int
    instrument: Instrument
    source: str
    first_row: int
    last_row: int
    quality: QualityCounts


def write_part(path: Path, facts: PartFacts, pieces: Iterable[Rows]) -> None:
    """Write a part so that it is there whole or not at all; raises `StorageUnavailable`."""
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with refusals("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                _write(file, facts, pieces)
                file.flush()
                os.fsync(file.fileno())
            put_in_place(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def read_facts(path: Path) -> PartFacts:
    """What a part says of itself; raises `DataError` when it is no part of ours."""
    with _readable(path):
        metadata = pq.read_schema(path).metadata or {}
    if _FACTS not in metadata:
        raise DataError(f"{path}: expected a part of recorded market data, found another file")
    try:
        facts = msgspec.json.decode(metadata[_FACTS], type=PartFacts)
    except ValueError as error:
        raise DataError(f"{path}: expected the facts of a part, found {error}") from error
    if facts.version != PART_VERSION:
        raise DataError(f"{path}: expected part version {PART_VERSION}, found {facts.version}")
    return facts


def read_part(path: Path, instrument: int, source: int) -> Iterator[Rows]:
    """The rows of a part in pieces of at most `ROWS_AT_ONCE`, bit for bit as they were recorded.

    instrument, source: the indexes that the rows are to carry.
    """
    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            rows = np.empty(batch.num_rows, EVENT)
            for name in (*_LONG, *_SHORT):
                rows[name] = batch.column(name).to_numpy()
            rows["instrument"] = instrument
            rows["source"] = source
            yield batch.column("row").to_numpy(), rows


def check_steps(path: Path, recorded: Instrument, wanted: Instrument) -> None:
    """Raise `DataError` when rows recorded for one instrument cannot be read as another's."""
    for name in ("price_step", "qty_step", "contract_size"):
        found, expected = getattr(recorded, name), getattr(wanted, name)
        if found != expected:
            raise DataError(
                f"{path}: expected a {name} of {expected.text(1)}, found {found.text(1)}: read it "
                "with the instrument it was recorded with"
            )


def _schema(facts: PartFacts) -> Any:
    long = [(name, pa.int64()) for name in ("row", *_LONG)]
    short = list(zip(_SHORT, (pa.uint8(), pa.int8(), pa.uint16()), strict=True))
    schema = pa.schema([pa.field(name, kind, nullable=False) for name, kind in long + short])
    return schema.with_metadata({_FACTS: msgspec.json.encode(facts)})


def _write(file: IO[bytes], facts: PartFacts, pieces: Iterable[Rows]) -> None:
    schema = _schema(facts)
    writer = pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=_DELTA,
        write_page_checksum=True,
    )
    with writer:
        for numbers, rows in pieces:
            columns = [np.ascontiguousarray(rows[name]) for name in (*_LONG, *_SHORT)]
            writer.write_batch(pa.record_batch([numbers, *columns], schema=schema))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: expected readable Parquet, found {error}") from error
