"""The number of the run: grows by one at every start and is never given twice."""

import fcntl
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from undertow.domain.errors import DataError
from undertow.storage.atomic_file import write_atomically
from undertow.storage.disk_refusal import refusals

_FORM = re.compile(rb"run (\d+) ([0-9a-f]{8})\n")


class RunNumber:
    """The counter in a file; processes that start at the same moment get different numbers.

    All ids of a run carry its number (`timeline.run_ids`), so they stay unique as long as this
    file and the journal are not both lost; a new home folder on the same venue account starts at 1
    again and should use an account without open orders.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> int:
        """The number given last; 0 when none was. Raises `DataError` for a damaged file."""
        with refusals("read", self._path):
            try:
                data = self._path.read_bytes()
            except FileNotFoundError:
                return 0
        match = _FORM.fullmatch(data)
        if match is None or data != _line(int(match[1])):
            raise DataError(
                f"{self._path}: expected a run number with its checksum, found {data[:40]!r}; "
                "remove the file, the journal knows the last number too"
            )
        return int(match[1])

    def next_run(self, at_least: int = 0) -> int:
        """A number above every one before, on disk before it is returned.

        at_least: the greatest run number found in the journal, in case the file was lost.
        """
        with _alone(self._path.with_name(self._path.name + ".lock")):
            number = max(self.last(), at_least) + 1
            write_atomically(self._path, [_line(number)])
        return number


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # The numbers are shared by all modes, so the lock of one mode's journal is not enough.
    with refusals("lock", path):
        file = path.open("wb")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _line(number: int) -> bytes:
    text = b"run %d" % number
    return b"%s %08x\n" % (text, zlib.crc32(text))
