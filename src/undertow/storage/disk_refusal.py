"""Turning an operating system's refusal into an error that says what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from undertow.domain.errors import StorageUnavailable

_SPACE = "free space on its disk, or put the home folder on another one"
_RIGHTS = "give this user the right to write there, or choose another home folder"
_ADVICE = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: _SPACE,
    errno.EROFS: "mount its file system writable, or choose another home folder",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.ENOENT: "the folder is gone: bring it back, or choose another home folder",
    errno.ENOTDIR: "a file is in the way where a folder belongs: move it",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.EIO: "the disk reports an error: check it before trusting any file on it",
}


def storage_unavailable(doing: str, path: Path, error: OSError) -> StorageUnavailable:
    """The error for a refused disk operation: what was tried, where, why not, what to do."""
    why = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0, "check the disk and its mount")
    return StorageUnavailable(f"cannot {doing} {path}: {why}; {advice}")


@contextmanager
def refusals(doing: str, path: Path) -> Iterator[None]:
    """Raise every `OSError` of the body as `StorageUnavailable`."""
    try:
        yield
    except OSError as error:
        raise storage_unavailable(doing, path, error) from error
