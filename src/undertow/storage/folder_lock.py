"""One process at a time: a lock on a folder that the operating system lets go when we die."""

import fcntl
import os
from pathlib import Path

from undertow.domain.errors import ConfigurationError
from undertow.storage.disk_refusal import refusals

LOCK_NAME = "lock"


class FolderLock:
    """Holds a folder until released. Raises `ConfigurationError` when another process has it.

    The lock is the kernel's (`flock`), not the file's existence: it never outlives its process.
    Network file systems may not honour it; keep the home folder on a local disk.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        with refusals("create the lock", path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._descriptor)
            raise ConfigurationError(
                f"expected to be the only one to write {folder}, found process {holder} doing so; "
                "stop it, or give this one another home folder"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the folder go; the file stays. Doing it again changes nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
