"""A file that only grows, as the journal needs it: whole writes, syncs, and cutting its end off."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


class Appendable(Protocol):
    """What the journal writes to; tests put failing disks behind it. All methods may raise
    `OSError`.
    """

    @property
    def size(self) -> int:
        """Bytes written so far, also after a write that failed half-way."""
        ...

    def write(self, data: bytes | bytearray) -> None:
        """Append all of `data`, or raise with `size` saying how far it came."""
        ...

    def sync(self) -> None:
        """Return only when everything written is on the disk itself."""
        ...

    def truncate(self, size: int) -> None:
        """Cut the file to that size."""
        ...

    def close(self) -> None:
        """Close it; nothing is synced."""
        ...


class AppendFile:
    """An existing file, opened for appending without a buffer of its own."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._size = os.fstat(self._descriptor).st_size

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._size

    def write(self, data: bytes | bytearray) -> None:
        """Append all of `data`; a disk that takes only part of it is asked again."""
        view = memoryview(data)
        while view:
            count = os.write(self._descriptor, view)
            self._size += count
            view = view[count:]

    def sync(self) -> None:
        """Flush to the disk itself; on macOS through the drive's own cache too."""
        if _FULL_SYNC is not None:
            fcntl.fcntl(self._descriptor, _FULL_SYNC)
        else:
            os.fdatasync(self._descriptor)

    def truncate(self, size: int) -> None:
        """Cut the file to that size."""
        os.ftruncate(self._descriptor, size)
        self._size = size

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
