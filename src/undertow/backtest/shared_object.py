"""An object whose arrays every worker reads from the same pages of memory.

The object is pickled with its buffers out of band (PEP 574); they lie in one file that each worker
maps read-only. Market data of gigabytes costs its size once, however many workers there are.
"""

import mmap
import pickle
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

_ALIGNMENT = 64
"""Of a buffer in the file: numpy wants at least 8, vector instructions like a cache line."""


class SharedObject(msgspec.Struct, frozen=True):
    """What a worker needs to open the object; small, and picklable itself.

    spans: start and length of each buffer in the file.
    """

    path: str
    body: bytes
    spans: tuple[tuple[int, int], ...]

    def open(self) -> Any:
        """The object; its arrays are read-only views of the file."""
        if not self.spans:
            return pickle.loads(self.body)  # noqa: S301 - made by this program, a moment ago
        with Path(self.path).open("rb") as file:
            pages = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        buffers = [pages[start : start + length] for start, length in self.spans]
        return pickle.loads(self.body, buffers=buffers)  # noqa: S301 - as above


class SharingRoom:
    """Keeps an object's buffers in a file of the folder for temporary files until it is closed."""

    def __init__(self, value: object) -> None:
        buffers: list[pickle.PickleBuffer] = []
        body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        # The file outlives this function on purpose: workers open it by name.
        with tempfile.NamedTemporaryFile(
            prefix="undertow-", suffix=".shared", delete=False
        ) as file:
            self._path = Path(file.name)
            try:
                spans = tuple(_write(file, buffer) for buffer in buffers)
            except BaseException:
                self._path.unlink()
                raise
        self.shared = SharedObject(str(self._path), body, spans)

    def close(self) -> None:
        """Remove the file; workers that have it open may go on reading."""
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _write(file: Any, buffer: pickle.PickleBuffer) -> tuple[int, int]:
    start = file.tell()
    start += -start % _ALIGNMENT
    file.seek(start)
    with buffer.raw() as raw:
        # An empty mapping is refused, so that an empty buffer still takes a byte.
        file.write(raw if raw.nbytes else b"\0")
        return start, raw.nbytes
