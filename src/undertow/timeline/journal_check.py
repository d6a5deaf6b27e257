"""Checking a whole journal: every frame of every segment, and that the segments belong together.

A segment that is followed by another ends with a seal, and its follower's header holds the seal's
hash: so a segment that is removed, doubled or swapped is found, the last one included. Frames cut
off the very end, exactly between two frames, look like frames never written; an `anchor` (the
position a snapshot or the state database was at) finds them.
"""

from collections.abc import Iterable

import msgspec

from undertow.timeline.journal import (
    HEADER_BYTES,
    JOURNAL_START,
    FrameKind,
    JournalPosition,
    SegmentHeader,
)
from undertow.timeline.segment_walk import Damage, SegmentWalk, TornTail, WalkedFrame


class JournalReport(msgspec.Struct, frozen=True):
    """What a check found. `runs`: how many runs it tells of; `ended_cleanly`: the last frame is
    the end of a run; `last`: the place after the last frame read.
    """

    segments: int
    frames: int
    bytes: int
    runs: int
    last: JournalPosition
    ended_cleanly: bool
    torn: TornTail | None
    damages: tuple[Damage, ...]

    @property
    def is_sound(self) -> bool:
        """True when nothing is damaged; a torn tail is no damage."""
        return not self.damages

    @property
    def text(self) -> str:
        """The report for people, one finding a line."""
        head = (
            f"{self.segments} segments, {self.frames} frames, {self.bytes} bytes, "
            f"last sequence {self.last.sequence}"
        )
        lines = [str(damage) for damage in self.damages]
        if self.torn is not None:
            lines.append(f"{self.torn} (is cut when the journal is next opened for writing)")
        if not lines:
            lines.append("every frame is sound")
        return "\n".join([head, *lines])


def is_unbegun(size: int) -> bool:
    """True for a segment of that many bytes: it holds no frame, perhaps not even its header."""
    return size <= HEADER_BYTES


def torn_header(name: str, data: bytes) -> TornTail | None:
    """The torn tail that a segment with an unfinished header is; None when the header is whole."""
    written = len(data) - data.count(0)
    if len(data) < HEADER_BYTES or not written:
        what = f"expected a header of {HEADER_BYTES} bytes, found {len(data)}, {written} not zero"
        return TornTail(name, 0, 0, len(data), what)
    return None


class JournalCheck:
    """Takes the segments in the order of their files and reports.

    archived: number of the last segment that was moved away on purpose; 0 = the journal is whole.
    anchors: positions the journal must contain, from snapshots and the state database.
    """

    def __init__(self, *, archived: int = 0, anchors: Iterable[JournalPosition] = ()) -> None:
        self._number = archived
        self._anchors = {anchor.sequence: anchor.chain for anchor in anchors if anchor.sequence}
        # None where damage or an archive leaves the place before the next segment unknown.
        self._before: JournalPosition | None = None if archived else JOURNAL_START
        self._end = Damage("journal", 0, 1, 0, "")  # where the next frame was to come
        self._last = JOURNAL_START
        self._last_kind = FrameKind.SEGMENT_SEALED.value
        self._counts = {"segments": 0, "frames": 0, "bytes": 0, "runs": 0}
        self._torn: TornTail | None = None
        self._damages: list[Damage] = []

    def add(self, name: str, data: bytes, *, is_last: bool) -> None:
        """Check one segment's bytes, called `name` in the report.

        `is_last`: no segment after it holds a frame (`is_unbegun`); only there may a tail be torn.
        """
        if is_last and is_unbegun(len(data)) and self._is_torn_rotation(name, data):
            return
        already = len(self._damages)
        walk = SegmentWalk(data, name, is_last=is_last, keep_going=True)
        self._counts["segments"] += 1
        self._counts["bytes"] += len(data)
        if walk.header_damage is not None:
            self._damages.append(walk.header_damage)
            self._number += 1
        if walk.header is not None:
            self._link(name, walk.header)
        for step in walk.steps():
            if isinstance(step, Damage):
                self._damages.append(step)
            else:
                self._note(name, step, walk.frames)
        self._torn = walk.torn or self._torn
        self._before = self._last if len(self._damages) == already else None
        if not walk.frames and walk.header is not None:
            self._last_kind = 0
        self._end = Damage(name, walk.frames + 1, self._last.sequence + 1, walk.end, "")

    def report(self) -> JournalReport:
        """The findings so far; call it after the last segment."""
        damages = list(self._damages)
        is_sealed = self._counts["segments"] > 0 and self._last_kind == FrameKind.SEGMENT_SEALED
        if is_sealed and self._torn is None:
            what = f"segment {self._number + 1} is missing after the seal"
            damages.append(self._at_end(what))
        lost = [sequence for sequence in self._anchors if sequence > self._last.sequence]
        if lost:
            damages.append(
                self._at_end(f"expected frames up to sequence {max(lost)}, found the end")
            )
        return JournalReport(
            **self._counts,
            last=self._last,
            ended_cleanly=self._last_kind == FrameKind.RUN_ENDED,
            torn=self._torn,
            damages=tuple(damages),
        )

    def _is_torn_rotation(self, name: str, data: bytes) -> bool:
        # A crash may leave the next segment begun before the seal of the last was on disk.
        self._torn = torn_header(name, data) or self._torn
        if self._torn is not None and self._torn.segment == name:
            return True
        if self._last_kind == FrameKind.SEGMENT_SEALED or self._before is None:
            return False
        what = "the segment was begun, but the one before it is not sealed"
        self._torn = TornTail(name, 0, 0, len(data), what)
        return True

    def _link(self, name: str, header: SegmentHeader) -> None:
        expected = self._number + 1
        self._number = header.segment
        if header.segment != expected:
            missing = f"segments {expected} to {header.segment - 1} are missing"
            what = missing if header.segment > expected else "repeated or out of order"
            what = f"expected segment {expected}, found {header.segment}: {what}"
            self._damages.append(Damage(name, 0, 0, 0, what))
        elif self._before is None:
            return
        elif self._last_kind != FrameKind.SEGMENT_SEALED:
            self._damages.append(
                self._at_end("expected the seal of the segment, found its end: frames are missing")
            )
        elif header.first_sequence != self._before.sequence + 1:
            what = f"expected first sequence {self._before.sequence + 1}"
            what = f"{what}, found {header.first_sequence}"
            self._damages.append(Damage(name, 0, 0, 0, what))
        elif header.previous_chain != self._before.chain:
            what = "the header does not continue the hash chain of the segment before it"
            self._damages.append(Damage(name, 0, 0, 0, what))

    def _note(self, name: str, step: WalkedFrame, frame: int) -> None:
        self._counts["frames"] += 1
        self._counts["runs"] += step.head.kind == FrameKind.RUN_STARTED
        self._last_kind = step.head.kind
        self._last = step.position
        anchor = self._anchors.pop(step.position.sequence, step.position.chain)
        if anchor != step.position.chain:
            what = f"expected the hash {anchor.hex()} noted elsewhere, "
            what += f"found {step.position.chain.hex()}"
            place = step.position.sequence
            self._damages.append(Damage(name, frame, place, step.offset, what))

    def _at_end(self, what: str) -> Damage:
        return msgspec.structs.replace(self._end, what=what)
