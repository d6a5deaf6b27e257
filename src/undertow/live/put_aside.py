"""Putting an old session aside, so that a fresh one can begin under its name."""

from pathlib import Path

from undertow.domain.errors import ConfigurationError
from undertow.storage.disk_refusal import refusals
from undertow.storage.folder_lock import FolderLock
from undertow.storage.home_folder import HomeFolder
from undertow.storage.run_number import RunNumber

_SIDE_FILES = ("", "-wal", "-shm")
"""What SQLite keeps beside a database; a stale one would be read into the next database."""


def put_aside(home: HomeFolder) -> None:
    """Rename journal, snapshots and state database by the last run's number; nothing is deleted.

    Raises `ConfigurationError` while another process runs the session.
    """
    lock = FolderLock(home.journal)
    try:
        suffix = f"until_run{RunNumber(home.run_number).last()}"
        for folder in (home.journal, home.snapshots):
            if any(folder.glob("[0-9]*")):
                _rename(folder, folder.with_name(f"{folder.name}_{suffix}"))
        aside = home.state.with_name(f"{home.state.stem}_{suffix}{home.state.suffix}")
        for side in _SIDE_FILES:
            path = home.state.with_name(home.state.name + side)
            if path.exists():
                _rename(path, aside.with_name(aside.name + side))
    finally:
        lock.release()
    home.create()


def _rename(path: Path, aside: Path) -> None:
    if aside.exists():
        raise ConfigurationError(f"expected no {aside}, found one from an earlier start")
    with refusals("rename", path):
        path.rename(aside)
