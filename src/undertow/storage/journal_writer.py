"""Appending to a journal so that nothing is ever lost that was promised to be there.

* `append` puts a frame in memory, `flush` gives it to the operating system (it then survives the
  death of this process), `sync` puts it on the disk (it then survives the death of the machine).
* Commands are synced before the call returns: only then may they be sent.
* When the disk refuses, the file is cut back to its last whole frame, `StorageUnavailable` is
  raised, and every later call raises it again: after a failed write nobody knows what the disk
  holds, so only a new start, which reads it again, may go on.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from undertow.domain.command import Command
from undertow.domain.engine_input import Input
from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.domain.event import Event
from undertow.domain.market_event import EventArray
from undertow.storage.append_file import Appendable, AppendFile
from undertow.storage.disk_refusal import refusals, storage_unavailable
from undertow.storage.folder_lock import FolderLock
from undertow.storage.journal_tail import JournalTail, find_tail
from undertow.storage.segment_files import create_segment, remove_segments
from undertow.timeline.journal import (
    JOURNAL_START,
    FrameKind,
    JournalPosition,
    SegmentHeader,
    encode_frame,
    segment_chain,
)
from undertow.timeline.journal_record import (
    RunEnded,
    RunStarted,
    SegmentSealed,
    SnapshotTaken,
    encode_value,
    state_parts,
)
from undertow.timeline.merge import Words, rows_of_words, words_of
from undertow.timeline.segment_walk import TornTail
from undertow.timeline.snapshot import PartBytes

SEGMENT_BYTES = 64 << 20
FLUSH_BYTES = 256 << 10
MOST_ROWS_A_FRAME = 1 << 13
# Room kept for a frame's own bytes and the seal, so that segments stay below their size.
_FRAME_ROOM = 256


class JournalWriter:
    """The one writer of a journal folder; holds its lock until closed.

    Opening checks the last segment, cuts a torn tail (`torn` says what was cut, None when nothing)
    and writes RUN_STARTED. A run number that is not above every one before is refused. Raises
    `JournalCorrupt` when more than a torn tail is wrong: look with `verify_journal`.
    """

    def __init__(
        self,
        folder: Path,
        run: RunStarted,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        open_file: Callable[[Path], Appendable] = AppendFile,
    ) -> None:
        self._folder = folder
        self._run = run.run
        self._segment_bytes = segment_bytes
        self._open_file = open_file
        self._buffer = bytearray()
        self._rows: list[Words] = []
        self._row_count = 0
        self._ends: list[int] = []  # where the frames of the buffer will end in the file
        self._refusal: StorageUnavailable | None = None
        self._file: Appendable | None = None
        self._path = folder
        self._segment = 0
        self._last = self._before = JOURNAL_START
        self._durable = 0
        self.torn: TornTail | None = None
        with refusals("create the journal folder", folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = FolderLock(folder)
        try:
            self._begin(run)
        except BaseException:
            self._let_go()
            raise

    @property
    def position(self) -> JournalPosition:
        """The last frame appended, whether or not it is on disk yet."""
        self._put_rows()
        return self._last

    @property
    def durable_sequence(self) -> int:
        """The last frame that is certainly on disk."""
        return self._durable

    def append(self, kind: FrameKind, payload: bytes, time_ns: int) -> int:
        """Append a frame and return its sequence; in memory until `flush` or `sync`."""
        self._put_rows()
        return self._append(kind, payload, time_ns)

    def _append(self, kind: FrameKind, payload: bytes, time_ns: int) -> int:
        file = self._usable()
        has_frames = self._before == self._last
        used = file.size + len(self._buffer) + len(payload) + _FRAME_ROOM
        if has_frames and used > self._segment_bytes:
            self._rotate(time_ns)
            file = self._usable()
        frame, self._last = encode_frame(kind, time_ns, payload, self._before)
        self._before = self._last
        self._buffer += frame
        self._ends.append(file.size + len(self._buffer))
        if len(self._buffer) >= FLUSH_BYTES:
            self._write_out()
        return self._last.sequence

    def append_durably(self, kind: FrameKind, payload: bytes, time_ns: int) -> int:
        """Append a frame and return when it, and all before it, is on disk."""
        sequence = self.append(kind, payload, time_ns)
        self.sync()
        return sequence

    def append_market(self, rows: EventArray) -> None:
        """Append market rows. Batches with nothing between them share a frame of at most
        `MOST_ROWS_A_FRAME` rows, which no result depends on; the rows are copied.
        """
        self._usable()
        self._rows.append(words_of(rows).copy())
        self._row_count += len(rows)
        if self._row_count >= MOST_ROWS_A_FRAME:
            self._put_rows()

    def append_input(self, value: Input) -> int:
        """Append an input of the engine, before the engine handles it."""
        return self.append(FrameKind.INPUT, encode_value(value), value.receive_time_ns)

    def append_event(self, value: Event) -> int:
        """Append an event that the engine made."""
        return self.append(FrameKind.EVENT, encode_value(value), value.at_ns)

    def append_commands(self, commands: Sequence[Command]) -> None:
        """Append commands and return when they are on disk: now, and not before, send them."""
        for command in commands:
            self.append(FrameKind.COMMAND, encode_value(command), command.sent_ns)
        if commands:
            self.sync()

    def append_state(self, parts: Mapping[str, PartBytes], at_ns: int) -> None:
        """Append the state that a first run begins with."""
        for part in state_parts(parts):
            self.append(FrameKind.STATE_PART, encode_value(part), at_ns)

    def append_snapshot_taken(self, value: SnapshotTaken) -> int:
        """Note that a snapshot of the state is on disk."""
        return self.append_durably(FrameKind.SNAPSHOT_TAKEN, encode_value(value), value.at_ns)

    def flush(self) -> None:
        """Give everything appended to the operating system."""
        self._put_rows()
        self._write_out()

    def _put_rows(self) -> None:
        # Make frames of the rows that wait.
        if not self._row_count:
            return
        rows = rows_of_words(np.concatenate(self._rows))
        self._rows, self._row_count = [], 0
        for start in range(0, len(rows), MOST_ROWS_A_FRAME):
            part = rows[start : start + MOST_ROWS_A_FRAME]
            time_ns = int(part["receive_time_ns"][-1])
            self._append(FrameKind.MARKET, part.tobytes(), time_ns)

    def _write_out(self) -> None:
        file = self._usable()
        if not self._buffer:
            return
        try:
            file.write(self._buffer)
        except OSError as error:
            self._refuse("write", error)
        self._buffer.clear()
        self._ends.clear()

    def sync(self) -> None:
        """Put everything appended on the disk."""
        self.flush()
        if self._durable == self._last.sequence:
            return
        try:
            self._usable().sync()
        except OSError as error:
            self._refuse("sync", error)
        self._durable = self._last.sequence

    def close(self, ended: RunEnded | None = None) -> None:
        """Sync, note the end of the run if told how it ended, and let the folder go.

        After a refusal of the disk it only lets go.
        """
        try:
            if self._file is not None and self._refusal is None:
                if ended is not None:
                    self.append(FrameKind.RUN_ENDED, encode_value(ended), ended.at_ns)
                self.sync()
        finally:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, run: RunStarted) -> None:
        tail = find_tail(self._folder)
        if run.run <= tail.run:
            raise ConfigurationError(
                f"expected a run number above {tail.run}, the last in {self._folder}, "
                f"found {run.run}"
            )
        self.torn = tail.torn
        self._segment = tail.number
        self._last, self._before = tail.last, tail.before
        self._durable = tail.last.sequence
        remove_segments(self._folder, tail.unbegun)
        if tail.path is None:
            self._create(tail.number, tail.last, run.started_ns)
        else:
            self._reopen(tail.path, tail)
        self.append_durably(FrameKind.RUN_STARTED, encode_value(run), run.started_ns)

    def _reopen(self, path: Path, tail: JournalTail) -> None:
        with refusals("open", path):
            self._path = path
            self._file = self._open_file(path)
            if self._file.size > tail.end:
                self._file.truncate(tail.end)
                self._file.sync()

    def _create(self, number: int, last: JournalPosition, time_ns: int) -> None:
        header = SegmentHeader(number, self._run, last.sequence + 1, time_ns, last.chain)
        path, data = create_segment(self._folder, header)
        with refusals("open", path):
            file = self._open_file(path)
        self._path, self._file, self._segment = path, file, number
        self._last, self._durable = last, last.sequence
        self._before = JournalPosition(last.sequence, segment_chain(data))

    def _rotate(self, time_ns: int) -> None:
        # The new segment is on disk before the old one is sealed, so that a seal without a
        # follower always means that a file was removed.
        self.sync()
        old, number = self._usable(), self._segment + 1
        path = self._path
        seal = encode_value(SegmentSealed(number))
        frame, sealed = encode_frame(FrameKind.SEGMENT_SEALED, time_ns, seal, self._last)
        whole = old.size
        try:
            self._create(number, sealed, time_ns)
            old.write(frame)
            old.sync()
        except StorageUnavailable as error:
            self._refusal = error
            raise
        except OSError as error:
            with suppress(OSError):
                old.truncate(whole)
            self._refusal = storage_unavailable("seal", path, error)
            raise self._refusal from error
        finally:
            if self._file is not old:
                with suppress(OSError):
                    old.close()

    def _usable(self) -> Appendable:
        if self._refusal is not None:
            raise StorageUnavailable(f"the journal takes no more frames: {self._refusal}")
        if self._file is None:
            raise StorageUnavailable(f"the journal in {self._folder} is closed")
        return self._file

    def _refuse(self, doing: str, error: OSError) -> None:
        # Cut back to the last whole frame, remember, and raise.
        assert self._file is not None
        size = self._file.size
        start = self._ends[-1] - len(self._buffer) if self._ends else size
        whole = max((end for end in self._ends if end <= size), default=start)
        if whole < size:
            with suppress(OSError):
                self._file.truncate(whole)
        self._refusal = storage_unavailable(doing, self._path, error)
        raise self._refusal from error

    def _let_go(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        self._lock.release()
