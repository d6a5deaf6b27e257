"""Writing a file so that after any crash either the old one is there or the whole new one."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from undertow.storage.disk_refusal import refusals

TEMPORARY_SUFFIX = ".tmp"
"""Ends the name of a file that is not whole yet; such leftovers of a crash may be removed."""


def write_atomically(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file beside `path`, sync it, rename it over `path` and sync the folder.

    Raises `StorageUnavailable`; then `path` is as it was and the new file is removed.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with refusals("write", path):
        try:
            with temporary.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            put_in_place(temporary, path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a synced file and sync the folder, so that the name is on disk too."""
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Return only when the names in the folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
