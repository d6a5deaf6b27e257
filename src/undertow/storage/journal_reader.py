"""Reading a journal from its files, frame by frame, with every frame checked."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from undertow.domain.errors import DataError, JournalCorrupt
from undertow.storage.disk_refusal import refusals
from undertow.storage.segment_files import segment_paths
from undertow.timeline.journal import (
    HEADER_BYTES,
    JOURNAL_START,
    Frame,
    FrameHead,
    FrameKind,
    JournalPosition,
    decode_header,
)
from undertow.timeline.journal_check import JournalCheck, JournalReport, is_unbegun
from undertow.timeline.journal_record import JournalRecord, decode_record
from undertow.timeline.segment_walk import Damage, SegmentWalk, TornTail


class JournalReader:
    """Reads a journal folder, also while a writer appends to it: it then ends where the files did.

    Memory: one segment and one unpacked frame. Raises `JournalCorrupt`, naming the frame, where
    something is damaged; a torn tail ends the reading and is then in `torn`.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise DataError(f"expected a journal folder, found nothing at {folder}")
        self._folder = folder
        self.torn: TornTail | None = None

    def records(
        self, after_sequence: int = 0, kinds: Collection[FrameKind] | None = None
    ) -> Iterator[JournalRecord]:
        """The frames after `after_sequence`, decoded; only those of `kinds` when given."""
        for frame in self.frames(after_sequence, kinds):
            yield decode_record(frame)

    def frames(
        self, after_sequence: int = 0, kinds: Collection[FrameKind] | None = None
    ) -> Iterator[Frame]:
        """The same frames with their payloads unpacked and not decoded."""

        def is_wanted(head: FrameHead) -> bool:
            return head.sequence > after_sequence and (kinds is None or head.kind in kinds)

        for walk in self._walks(after_sequence):
            yield from walk.read(is_wanted)

    def last_position(self) -> JournalPosition:
        """The place of the last whole frame; reads the last segment only."""
        position = JOURNAL_START
        for walk in self._walks(1 << 62):
            assert walk.header is not None
            position = JournalPosition(walk.header.first_sequence - 1, walk.header.previous_chain)
            assert not list(walk.read(lambda _: False))
            position = walk.position if walk.frames else position
        return position

    def position_at(self, sequence: int) -> JournalPosition:
        """The place of frame `sequence` >= 1; raises `DataError` when the journal has it not."""
        for walk in self._walks(sequence - 1):
            for step in walk.steps():
                if isinstance(step, Damage):
                    raise JournalCorrupt(str(step))
                if step.position.sequence == sequence:
                    return step.position
        raise DataError(f"expected a frame of sequence {sequence} in {self._folder}, found none")

    def _walks(self, after_sequence: int) -> Iterator[SegmentWalk]:
        # The segments from the one that holds the first wanted frame, each tied to the one before.
        files = segment_paths(self._folder)
        with refusals("read the journal in", self._folder):
            sizes = [path.stat().st_size for _, path in files]
        begun = [file for file, size in zip(files, sizes, strict=True) if not is_unbegun(size)]
        before: SegmentWalk | None = None
        for number, path in begun[_first(begun, after_sequence) :]:
            with refusals("read", path):
                data = path.read_bytes()
            walk = SegmentWalk(data, path.name, is_last=number == begun[-1][0])
            _check_link(path.name, number, walk, before)
            if before is None:
                _check_start(path.name, walk, after_sequence)
            yield walk
            self.torn = walk.torn or self.torn
            before = walk


def verify_journal(
    folder: Path, *, archived: int = 0, anchors: Iterable[JournalPosition] = ()
) -> JournalReport:
    """Check every byte of a journal and report; nothing is changed.

    archived: segments up to this number were moved away on purpose. anchors: positions noted
    elsewhere (snapshots, the state database) that the journal must contain.
    """
    if not folder.is_dir():
        raise DataError(f"expected a journal folder, found nothing at {folder}")
    files = segment_paths(folder)
    check = JournalCheck(archived=archived, anchors=anchors)
    with refusals("read the journal in", folder):
        sizes = [path.stat().st_size for _, path in files]
        last = max((i for i, size in enumerate(sizes) if not is_unbegun(size)), default=0)
        for i, (_, path) in enumerate(files):
            check.add(path.name, path.read_bytes(), is_last=i >= last)
    return check.report()


def _first(files: list[tuple[int, Path]], after_sequence: int) -> int:
    # The last segment that begins at or before the first wanted frame.
    for i in range(len(files) - 1, 0, -1):
        path = files[i][1]
        with refusals("read", path), path.open("rb") as file:
            data = file.read(HEADER_BYTES)
        try:
            header = decode_header(data)
        except JournalCorrupt as error:
            raise JournalCorrupt(f"{path.name}: {error}") from error
        if header.first_sequence <= after_sequence + 1:
            return i
    return 0


def _check_start(name: str, walk: SegmentWalk, after_sequence: int) -> None:
    assert walk.header is not None
    first = walk.header.first_sequence
    if first > after_sequence + 1:
        raise DataError(
            f"expected the journal to hold sequence {after_sequence + 1}, found that it begins at "
            f"{first} in {name}: bring the archived segments back, or read after {first - 1}"
        )


def _check_link(name: str, number: int, walk: SegmentWalk, before: SegmentWalk | None) -> None:
    header = walk.header
    assert header is not None
    what = ""
    if header.segment != number:
        what = f"expected segment {number}, found {header.segment}"
    elif before is not None and before.header is not None:
        if header.segment != before.header.segment + 1:
            what = f"expected segment {before.header.segment + 1}, found {header.segment}"
        elif not before.is_sealed:
            what = "the segment before it is not sealed: frames of its end are missing"
        elif header.previous_chain != before.position.chain:
            what = "does not continue the hash chain of the segment before it"
    if what:
        raise JournalCorrupt(f"{name}: header at byte 0: {what}")
