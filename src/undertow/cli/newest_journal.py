"""Finding a journal: the one that was named, or the newest below the home folder."""

from pathlib import Path

from undertow.domain.errors import DataError
from undertow.storage.segment_files import segment_paths

_PLACES = ("*.journal", "*/*.journal", "*/*/*.journal")
"""No deeper: the recorded market data below the same folder may be a million files."""


def find_journal(named: str | None, home: Path) -> Path:
    """The named journal folder, or the one below `home` whose last segment was written last.

    A named folder may also be one that holds a folder `journal`. Raises `DataError` where there is
    none.
    """
    if named is None:
        return newest_journal(home)
    folder = Path(named)
    if not folder.is_dir():
        raise DataError(f"expected a journal folder, found nothing at {folder}")
    inside = folder / "journal"
    if not segment_paths(folder) and inside.is_dir() and segment_paths(inside):
        return inside
    if not segment_paths(folder):
        raise DataError(f"expected a folder of journal segments, found none in {folder}")
    return folder


def newest_journal(home: Path) -> Path:
    """The journal below a home folder that was written last."""
    found = journals(home)
    if not found:
        raise DataError(
            f"expected a journal below {home}, found none: make one with `undertow run`, "
            "or name its folder"
        )
    return found[-1]


def journals(home: Path) -> list[Path]:
    """Every journal folder below a home folder, the one that was written last at the end."""
    folders = {path.parent for form in _PLACES for path in home.glob(form) if path.is_file()}
    aged = [(_written(folder), folder) for folder in folders if segment_paths(folder)]
    return [folder for _, folder in sorted(aged)]


def _written(folder: Path) -> int:
    return max(path.stat().st_mtime_ns for _, path in segment_paths(folder))
