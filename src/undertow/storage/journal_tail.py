"""Finding where a journal ends and what of its end a crash left torn.

Only the last segment is read whole, so opening takes as long as one segment; the segments before it
are tied in by their last hash. `verify_journal` checks everything.
"""

from pathlib import Path

import msgspec

from undertow.domain.errors import JournalCorrupt
from undertow.storage.disk_refusal import refusals
from undertow.storage.segment_files import segment_paths
from undertow.timeline.journal import (
    CHAIN_BYTES,
    HEADER_BYTES,
    JOURNAL_START,
    FrameKind,
    JournalPosition,
    SegmentHeader,
    decode_header,
    segment_chain,
)
from undertow.timeline.journal_check import is_unbegun, torn_header
from undertow.timeline.journal_record import RunStarted, decode_record
from undertow.timeline.segment_walk import SegmentWalk, TornTail


class JournalTail(msgspec.Struct, frozen=True):
    """Where to go on writing.

    path: the segment to append to at `end`; None when a new segment `number` must be made first.
    last: the last frame. before: what the next frame continues (differs from `last` only at the
    start of a segment). run: the greatest run number in the last segment. torn: what is cut off at
    `end`; unbegun: files without frames to remove.
    """

    number: int
    path: Path | None
    end: int
    run: int
    last: JournalPosition
    before: JournalPosition
    torn: TornTail | None = None
    unbegun: tuple[Path, ...] = ()


_EMPTY = JournalTail(1, None, 0, 0, JOURNAL_START, JOURNAL_START)


def find_tail(folder: Path) -> JournalTail:
    """Read the end of the journal; raises `JournalCorrupt` when more than a torn tail is wrong."""
    files = segment_paths(folder)
    with refusals("read the journal in", folder):
        begun = [i for i, (_, path) in enumerate(files) if not is_unbegun(path.stat().st_size)]
        last = max(begun, default=-1)
        after = tuple(files[last + 1 :])
        if last < 0:
            return _after_none(after) if after else _EMPTY
        tail, is_sealed = _read_last(files[last][1], files[last][0])
        _check_link(files[: last + 1])
        return _after_sealed(tail, after) if is_sealed else _after_open(tail, after)


def _read_last(path: Path, number: int) -> tuple[JournalTail, bool]:
    walk = SegmentWalk(path.read_bytes(), path.name, is_last=True)
    header = walk.header
    assert header is not None
    run = header.run
    for frame in walk.read(lambda head: head.kind == FrameKind.RUN_STARTED):
        started = decode_record(frame).value
        assert isinstance(started, RunStarted)
        run = max(run, started.run)
    _check_number(path, number, header)
    position = walk.position
    if walk.frames == 0:
        last = JournalPosition(position.sequence, header.previous_chain)
    else:
        last = position
    tail = JournalTail(number, path, walk.end, run, last, position, walk.torn)
    return tail, walk.is_sealed


def _check_number(path: Path, number: int, header: SegmentHeader) -> None:
    if header.segment != number:
        raise JournalCorrupt(
            f"{path.name}: header at byte 0: expected segment {number}, found {header.segment}"
        )


def _check_link(files: list[tuple[int, Path]]) -> None:
    # The last segment must continue the one before it.
    if len(files) < 2:
        return
    (number, before), (last_number, last) = files[-2:]
    if last_number != number + 1:
        raise JournalCorrupt(f"{last.name}: segments {number + 1} to {last_number - 1} are missing")
    with last.open("rb") as file:
        header = decode_header(file.read(HEADER_BYTES))
    with before.open("rb") as file:
        file.seek(-CHAIN_BYTES, 2)
        chain = file.read(CHAIN_BYTES)
    if header.previous_chain != chain:
        raise JournalCorrupt(
            f"{last.name}: header at byte 0: does not continue the hash chain of {before.name}"
        )


def _after_none(after: tuple[tuple[int, Path], ...]) -> JournalTail:
    # No segment has a frame yet: the first one may be whole and empty, or torn.
    (number, path), *others = after
    data = path.read_bytes()
    torn = torn_header(path.name, data)
    if others:
        raise JournalCorrupt(f"{path.name}: expected frames before {others[0][1].name}, found none")
    if torn is not None:
        return msgspec.structs.replace(_EMPTY, number=number, torn=torn, unbegun=(path,))
    return _read_last(path, number)[0]


def _after_sealed(tail: JournalTail, after: tuple[tuple[int, Path], ...]) -> JournalTail:
    number = tail.number + 1
    if not after or after[0][0] != number:
        raise JournalCorrupt(f"{number:08d}.journal is missing after the seal of the one before it")
    path = after[0][1]
    data = path.read_bytes()
    torn = torn_header(path.name, data)
    if torn is not None:
        return JournalTail(
            number, None, 0, tail.run, tail.last, tail.last, torn, tuple(one for _, one in after)
        )
    header = decode_header(data)
    _check_number(path, number, header)
    if (header.first_sequence, header.previous_chain) != (tail.last.sequence + 1, tail.last.chain):
        raise JournalCorrupt(f"{path.name}: header at byte 0: does not continue the hash chain")
    before = JournalPosition(tail.last.sequence, segment_chain(data))
    return JournalTail(number, path, HEADER_BYTES, tail.run, tail.last, before)


def _after_open(tail: JournalTail, after: tuple[tuple[int, Path], ...]) -> JournalTail:
    # A segment begun before the last one was sealed: the crash came between the two.
    if not after:
        return tail
    path = after[0][1]
    data = path.read_bytes()
    torn = torn_header(path.name, data)
    if torn is None:
        decode_header(data)
        what = "the segment was begun, but the one before it is not sealed"
        torn = TornTail(path.name, 0, 0, len(data), what)
    unbegun = tuple(one for _, one in after)
    return msgspec.structs.replace(tail, torn=tail.torn or torn, unbegun=unbegun)
