"""Joining the many small parts of a finished hour into one, without ever losing a row.

The joined part is written, read back and compared before the small ones are removed. A crash in
between leaves both; readers then pass over the small ones, because their rows lie inside its range.
"""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec

from undertow.domain.errors import DataError
from undertow.storage.atomic_file import TEMPORARY_SUFFIX, sync_folder
from undertow.storage.data_quality import QualityCounts
from undertow.storage.disk_refusal import refusals
from undertow.storage.lake_layout import LakePart, part_files, part_path, parts
from undertow.storage.lake_part import Rows, check_steps, read_facts, read_part, write_part


def compact_hour(folder: Path) -> int:
    """Join the parts of an hour's folder, source by source; how many files were removed.

    Only for hours that nothing is recorded into any more. Doing it again changes nothing.
    """
    removed = 0
    for _, group in groupby(parts(folder), key=lambda part: part.source):
        removed += _compact(folder, list(group))
    return removed


def _compact(folder: Path, found: list[LakePart]) -> int:
    joined = found[0].path
    if len(found) > 1:
        joined = _join(folder, found)
    first, last = found[0].first, found[-1].last
    with refusals("remove joined parts in", folder):
        old = [path for path in _covered(folder, found[0].source, first, last) if path != joined]
        for path in old:
            path.unlink()
        if old:
            sync_folder(folder)
    return len(old)


def _join(folder: Path, found: list[LakePart]) -> Path:
    facts = [read_facts(part.path) for part in found]
    quality = QualityCounts()
    for part, one in zip(found, facts, strict=True):
        check_steps(part.path, one.instrument, facts[-1].instrument)
        quality = quality.plus(one.quality)
    joined = msgspec.structs.replace(facts[-1], first_row=facts[0].first_row, quality=quality)
    path = part_path(folder, joined.source, joined.first_row, joined.last_row)
    write_part(path, joined, _pieces(found))
    expected, written = _digest(_pieces(found)), _digest(read_part(path, 0, 0))
    if expected != written:
        path.unlink()
        raise DataError(f"{path}: expected the rows of its parts, found others; they are kept")
    return path


def _pieces(found: list[LakePart]) -> Iterator[Rows]:
    for part in found:
        yield from read_part(part.path, 0, 0)


def _digest(pieces: Iterator[Rows]) -> bytes:
    digest = hashlib.blake2b()
    numbers_digest = hashlib.blake2b()
    for numbers, rows in pieces:
        numbers_digest.update(numbers.tobytes())
        digest.update(rows.tobytes())
    return digest.digest() + numbers_digest.digest()


def _covered(folder: Path, source: str, first: int, last: int) -> Iterator[Path]:
    # Every part file of the source inside the range, and what a crash left half-written.
    for part in part_files(folder, source):
        if first <= part.first and part.last <= last:
            yield part.path
    yield from sorted(folder.glob(f"*.parquet{TEMPORARY_SUFFIX}"))
