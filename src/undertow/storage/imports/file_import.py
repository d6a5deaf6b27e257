"""Importing files and folders: what each file is, is found in it; what has no reader is named.

Importing again changes nothing, importing after an interruption goes on: files that are in already
are told by their content and passed over. One bad file does not stop the others.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from undertow.domain.errors import CallerError, DataError, StorageUnavailable
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.imports.candle_import import import_series
from undertow.storage.imports.ctrader_import import CtraderRecordings
from undertow.storage.imports.import_log import (
    ImportedFile,
    ImportedSeries,
    ImportLog,
    file_digest,
)
from undertow.storage.imports.tick_import import import_ticks
from undertow.storage.layouts.source_series import SourceOptions, read_source_series
from undertow.storage.layouts.table_batches import first_batch
from undertow.storage.layouts.tick_layout import tick_layout

PASSED_OVER = (".md", ".txt", ".tsv", ".html", ".py", ".log", ".tmp", ".yaml", ".yml", ".toml")
FORMATS = ("auto", "candles", "ticks")
Told = Callable[[int, int, str], None]


class FileReader(Protocol):
    """A reader of files that are no tables: recorded messages of a venue, lists of instruments."""

    @property
    def name(self) -> str:
        """The word for `--format`."""
        ...

    def fits(self, path: Path) -> bool:
        """Whether a file is one of its own; looks at its first bytes."""
        ...

    def import_file(
        self, catalog: Catalog, path: Path, options: SourceOptions
    ) -> list[ImportedSeries]:
        """Import it; raises `DataError` with the reason when it cannot."""
        ...


class FileOutcome(msgspec.Struct, frozen=True):
    """What became of a file: `imported`, `there` already, or `refused` with the reason."""

    origin: str
    outcome: str
    layout: str = ""
    reason: str = ""
    series: tuple[ImportedSeries, ...] = ()


class FileImport:
    """Imports into one catalog.

    file_format: auto, candles, ticks, or a reader's name. is_again: read files that are in already.
    is_replacing: candles that are there are put aside first; for ticks that is refused.
    """

    def __init__(
        self,
        catalog: Catalog,
        options: SourceOptions | None = None,
        *,
        file_format: str = "auto",
        readers: Sequence[FileReader] = (),
        is_again: bool = False,
        is_replacing: bool = False,
    ) -> None:
        self._catalog = catalog
        self._options = options or SourceOptions()
        self._format = file_format
        self._readers = tuple(readers)
        self._log = ImportLog(catalog.folder)
        self._is_again = is_again or is_replacing
        self._replaced: set[Path] | None = set() if is_replacing else None

    def run(self, paths: Sequence[Path], tell: Told | None = None) -> list[FileOutcome]:
        """Import all files of the paths, in order of their names; `tell` hears of the progress."""
        files = [file for path in paths for file in _files(path)]
        outcomes: list[FileOutcome] = []
        for count, path in enumerate(files):
            if tell:
                tell(count, len(files), path.name)
            outcomes.append(self._one(path))
        if tell:
            tell(len(files), len(files), "")
        return outcomes

    def _one(self, path: Path) -> FileOutcome:
        try:
            key = msgspec.msgpack.encode((self._options, self._format, path.name))
            digest = file_digest(path, key)
            before = None if self._is_again else self._log.find(digest)
            if before:
                return FileOutcome(str(path), "there", before.layout, series=before.series)
            layout, series = self._read(path)
        except StorageUnavailable:
            raise
        except (DataError, CallerError, OSError) as error:
            return FileOutcome(str(path), "refused", reason=str(error))
        self._log.add(ImportedFile(path.name, digest, layout, tuple(series)))
        return FileOutcome(str(path), "imported", layout, series=tuple(series))

    def _read(self, path: Path) -> tuple[str, list[ImportedSeries]]:
        for reader in (*self._readers, CtraderRecordings()):
            if self._format == reader.name or (self._format == "auto" and reader.fits(path)):
                return reader.name, reader.import_file(self._catalog, path, self._options)
        if self._format in ("auto", "ticks"):
            layout = tick_layout(first_batch(path), path)
            if layout is not None:
                if self._replaced is not None:
                    raise DataError(f"{path.name}: expected candles to replace, found ticks")
                return layout.name, import_ticks(self._catalog, path, layout, self._options)
            if self._format == "ticks":
                raise DataError(f"{path.name}: expected ticks, found none of a known layout")
        found = read_source_series(path, self._options)
        return found[0].layout, [import_series(self._catalog, one, self._replaced) for one in found]


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise DataError(f"expected a file or folder to import, found nothing at {path}")
    found = (one for one in sorted(path.rglob("*")) if one.is_file())
    return [one for one in found if one.suffix not in PASSED_OVER and one.name[:1] != "."]
