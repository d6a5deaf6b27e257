"""Walking a segment frame by frame, naming exactly what is damaged, and telling a torn tail apart.

A torn tail is what a crash leaves: at the end of the last segment a frame that is incomplete, or
whole but failing its checksum, or zeros that were allocated and never written. It can be cut
without losing anything that was promised. Everything else that does not fit is damage: a checksum
that fails with more frames behind it, a sequence that jumps, a chain that does not continue. Damage
is named and never repaired by guess.

After damage the walk goes on at the next sound frame, so that one broken byte gives one entry.
"""

from collections.abc import Callable, Iterator

import msgspec

from undertow.domain.errors import JournalCorrupt
from undertow.timeline.journal import (
    FRAME_MARK,
    HEAD_BYTES,
    HEADER_BYTES,
    Frame,
    FrameHead,
    FrameKind,
    JournalPosition,
    SegmentHeader,
    decode_frame,
    decode_header,
    frame_chains,
    frame_checksums,
    read_head,
    segment_chain,
)


class Damage(msgspec.Struct, frozen=True):
    """One thing that does not fit. `frame` counts from 1 in its segment, 0 is the header; `offset`
    is the byte where the frame begins; `sequence` is the one expected there (0 = not known).
    """

    segment: str
    frame: int
    sequence: int
    offset: int
    what: str

    def __str__(self) -> str:
        place = f"frame {self.frame} (sequence {self.sequence})" if self.frame else "header"
        return f"{self.segment}: {place} at byte {self.offset}: {self.what}"


class TornTail(msgspec.Struct, frozen=True):
    """What a crash left at the end of the last segment: to be cut at `offset`."""

    segment: str
    frame: int
    offset: int
    lost_bytes: int
    what: str

    def __str__(self) -> str:
        return (
            f"{self.segment}: torn tail of {self.lost_bytes} bytes from byte {self.offset}, "
            f"frame {self.frame}: {self.what}"
        )


class WalkedFrame(msgspec.Struct, frozen=True, gc=False):
    """A sound frame: where it begins, its head, and the position after it."""

    offset: int
    head: FrameHead
    position: JournalPosition


class _Fault(msgspec.Struct, frozen=True):
    what: str
    may_be_torn: bool


class SegmentWalk:
    """Reads one segment's bytes. Iterate `steps()` once; the other members are then final.

    `end` is the offset after the last sound frame, `position` the place after it, `torn` the torn
    tail if the segment `is_last` and has one. Raises `JournalCorrupt` for a bad header unless
    `keep_going`, which then reports it as damage and trusts the first sound frame.
    """

    def __init__(self, data: bytes, name: str, *, is_last: bool, keep_going: bool = False) -> None:
        self._data = data
        self._name = name
        self._is_last = is_last
        self.header: SegmentHeader | None = None
        self.header_damage: Damage | None = None
        self.torn: TornTail | None = None
        self.end = HEADER_BYTES
        self.frames = 0
        self.last_kind: int = 0
        self._sequence = 0  # expected next; 0 when not known
        self._chains: tuple[bytes, ...] = ()  # any of them may come before; empty = not known
        try:
            self.header = decode_header(data)
        except JournalCorrupt as error:
            self.header_damage = Damage(name, 0, 0, 0, str(error))
            if not keep_going:
                raise JournalCorrupt(str(self.header_damage)) from error
        else:
            self._sequence = self.header.first_sequence
            self._chains = (segment_chain(data),)

    @property
    def position(self) -> JournalPosition:
        """The place after the last frame read so far."""
        assert self._chains
        return JournalPosition(self._sequence - 1, self._chains[0])

    @property
    def is_sealed(self) -> bool:
        """True when the last frame says that another segment follows."""
        return self.last_kind == FrameKind.SEGMENT_SEALED

    def read(self, is_wanted: Callable[[FrameHead], bool] = lambda _: True) -> Iterator[Frame]:
        """The wanted frames, unpacked, all checked; raises `JournalCorrupt` at the first damage."""
        for step in self.steps():
            if isinstance(step, Damage):
                raise JournalCorrupt(str(step))
            if not is_wanted(step.head):
                continue
            try:
                yield decode_frame(self._data, step.offset, step.head)
            except JournalCorrupt as error:
                raise JournalCorrupt(str(self._damage(step.offset, str(error)))) from error

    def steps(self) -> Iterator[WalkedFrame | Damage]:
        """Sound frames and damages in the order of the file, up to its end or a torn tail."""
        offset = HEADER_BYTES
        while offset < len(self._data):
            self.frames += 1
            head = read_head(self._data, offset)
            fault = self._judge(head, offset)
            if fault is None:
                assert head is not None
                offset += head.size
                self._accept(head, offset)
                yield WalkedFrame(offset - head.size, head, self.position)
                continue
            if self._is_last and fault.may_be_torn and self._is_tail(head, offset):
                lost = len(self._data) - offset
                self.torn = TornTail(self._name, self.frames, offset, lost, fault.what)
                self.frames -= 1
                return
            yield self._damage(offset, fault.what)
            offset = self._next_sound(head, offset)

    def _damage(self, offset: int, what: str) -> Damage:
        return Damage(self._name, self.frames, self._sequence, offset, what)

    def _accept(self, head: FrameHead, end: int) -> None:
        self._sequence = head.sequence + 1
        self._chains = (self._data[end - 16 : end],)
        self.last_kind = head.kind
        self.end = end

    def _judge(self, head: FrameHead | None, offset: int) -> _Fault | None:
        # What is wrong with the frame at this offset, if anything.
        left = len(self._data) - offset
        if head is None:
            if self._data.count(0, offset) == left:
                return _Fault(f"expected a frame, found {left} zero bytes", may_be_torn=True)
            if left < HEAD_BYTES:
                what = f"expected a head of {HEAD_BYTES} bytes, found {left}"
                return _Fault(what, may_be_torn=True)
            return _Fault("the head fails its checksum", may_be_torn=True)
        if head.size > left:
            what = f"expected a frame of {head.size} bytes, found {left}"
            return _Fault(what, may_be_torn=True)
        carried, found = frame_checksums(self._data, offset, head)
        if carried != found:
            what = f"the frame fails its checksum: expected {carried:08x}, found {found:08x}"
            return _Fault(what, may_be_torn=True)
        return self._judge_order(head, offset)

    def _judge_order(self, head: FrameHead, offset: int) -> _Fault | None:
        if self._sequence and head.sequence != self._sequence:
            verb = "frames are missing before it" if head.sequence > self._sequence else "repeated"
            what = f"expected sequence {self._sequence}, found {head.sequence}: {verb}"
            return _Fault(what, may_be_torn=False)
        if self.is_sealed:
            return _Fault("expected nothing after the seal of the segment", may_be_torn=False)
        if not self._chains:
            return None
        for before in self._chains:
            carried, found = frame_chains(self._data, offset, head, before)
            if carried == found:
                return None
        what = f"the hash chain breaks: expected {carried.hex()}, found {found.hex()}"
        return _Fault(what, may_be_torn=True)

    def _is_tail(self, head: FrameHead | None, offset: int) -> bool:
        # Nothing that was a frame may follow the one that fails.
        if head is None:
            return self._data.find(FRAME_MARK, offset + 1) < 0
        end = min(offset + head.size, len(self._data))
        return self._data.count(0, end) == len(self._data) - end

    def _next_sound(self, head: FrameHead | None, offset: int) -> int:
        # The offset to go on from after damage, with what may be known of sequence and chain.
        if head is not None and offset + head.size <= len(self._data):
            before = self._chains
            carried, _ = frame_chains(self._data, offset, head, bytes(16))
            follows = tuple(frame_chains(self._data, offset, head, one)[1] for one in before)
            if head.sequence >= self._sequence:
                self._sequence = head.sequence + 1
                self._chains = (carried, *follows)
            else:
                self._chains = (*before, carried)
            self.last_kind = head.kind
            return offset + head.size
        at = self._data.find(FRAME_MARK, offset + 1)
        while at >= 0:
            found = read_head(self._data, at)
            if found and at + found.size <= len(self._data):
                carried_crc, crc = frame_checksums(self._data, at, found)
                if carried_crc == crc:
                    if self._sequence:
                        self.frames += max(0, found.sequence - self._sequence - 1)
                    self._sequence, self._chains = found.sequence, ()
                    return at
            at = self._data.find(FRAME_MARK, at + 1)
        return len(self._data)
