"""What was imported into a catalog, one line a file: `imports.jsonl` in its root.

A file whose content, options and destination are there already need not be read again.
"""

import hashlib
from pathlib import Path

import msgspec

from undertow.storage.atomic_file import write_atomically
from undertow.storage.catalog.series_store import AddedRows

LOG = "imports.jsonl"
_BLOCK = 1 << 20


class ImportedSeries(msgspec.Struct, frozen=True):
    """What became of one series of a file.

    folder: relative to the catalog. flaws: counts by kind, as found in the file. apart: rows that
    could not be taken in.
    """

    instrument_id: str
    series: str
    folder: str
    rows: int
    first_ns: int
    last_ns: int
    counts: AddedRows
    apart: int = 0
    flaws: dict[str, int] = {}


class ImportedFile(msgspec.Struct, frozen=True):
    """One imported file. digest: of its bytes and the options."""

    origin: str
    digest: str
    layout: str
    series: tuple[ImportedSeries, ...]


class ImportLog:
    """The log of one catalog; `load` reads it once."""

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._path = catalog / LOG
        self._lines: list[bytes] = []
        self._known: dict[str, ImportedFile] = {}
        if self._path.exists():
            for line in self._path.read_bytes().splitlines():
                self._take(line, msgspec.json.decode(line, type=ImportedFile))

    @property
    def files(self) -> list[ImportedFile]:
        """Every import, in order; the newest of a digest counts."""
        return list(self._known.values())

    def find(self, digest: str) -> ImportedFile | None:
        """The import of that content, if all it made is still there."""
        found = self._known.get(digest)
        if found and all((self._catalog / one.folder).is_dir() for one in found.series):
            return found
        return None

    def add(self, imported: ImportedFile) -> None:
        """Write an import down."""
        self._take(msgspec.json.encode(imported), imported)
        self._catalog.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, [line + b"\n" for line in self._lines])

    def flaws(self, folder: Path) -> dict[str, int]:
        """Flaws of what was imported into a series' folder, summed by kind; of a file that was
        imported several times, those of the last time.
        """
        newest: dict[tuple[str, str], dict[str, int]] = {}
        name = str(folder.relative_to(self._catalog))
        for one in self.files:
            for series in one.series:
                if series.folder == name:
                    newest[one.origin, series.series] = series.flaws
        sums: dict[str, int] = {}
        for flaws in newest.values():
            for kind, count in flaws.items():
                sums[kind] = sums.get(kind, 0) + count
        return sums

    def _take(self, line: bytes, imported: ImportedFile) -> None:
        self._lines.append(line)
        self._known.pop(imported.digest, None)
        self._known[imported.digest] = imported


def file_digest(path: Path, options: bytes) -> str:
    """A digest of a file's bytes and of how it is read."""
    digest = hashlib.blake2b(options, digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
