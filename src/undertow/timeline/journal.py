"""The journal's byte format: segments of checksummed frames on one hash chain.

All integers are little-endian. A segment is a header and then frames, nothing between them:

| header, 64 bytes | size |
| --- | --- |
| magic | 8 |
| version of the format | 2 |
| reserved, 0 | 2 |
| segment number, from 1 | 4 |
| run that began the segment | 8 |
| sequence of its first frame | 8 |
| time of its first frame, ns | 8 |
| chain hash of the last frame before it | 16 |
| reserved, 0 | 4 |
| CRC32 of all above | 4 |

| frame, 52 bytes and the payload | size |
| --- | --- |
| mark | 4 |
| length of the stored payload | 4 |
| kind, flags | 1 + 1 |
| reserved, 0 | 2 |
| sequence, from 1, never a hole | 8 |
| time, ns | 8 |
| CRC32 of the head above | 4 |
| stored payload | length |
| CRC32 of head and stored payload | 4 |
| chain hash | 16 |

The chain hash of a frame is blake2b-128 over the hash before it, its head and its stored payload;
the hash before a segment's first frame is blake2b-128 over the segment's header, which holds the
last hash of the segment before. The head has a checksum of its own so that a damaged length is not
mistaken for a file that ends too early.

With FLAG_ZLIB the stored payload is the raw length (4 bytes) and a zlib stream, level 1; with
FLAG_ROWS the raw bytes were turned from rows of 64 bytes to 64 columns before compression.
"""

import hashlib
import struct
import zlib
from enum import IntEnum

import msgspec
import numpy as np

from undertow.domain.errors import InvariantBroken, JournalCorrupt
from undertow.domain.market_event import EVENT

JOURNAL_VERSION = 1
CHAIN_BYTES = 16
FRAME_MARK = b"\xf4UTf"
FLAG_ZLIB = 1
FLAG_ROWS = 2
MAX_PAYLOAD_BYTES = 64 << 20

_MAGIC = b"\x89UTJ\r\n\x1a\n"
_HEADER = struct.Struct("<8sHHIQqq16sI")
_FRAME = struct.Struct("<4sIBBHQq")
_CRC = struct.Struct("<I")
HEADER_BYTES = _HEADER.size + _CRC.size
HEAD_BYTES = _FRAME.size + _CRC.size
TRAILER_BYTES = _CRC.size + CHAIN_BYTES
_ROW_BYTES = EVENT.itemsize
# Below these sizes compression saves less than it costs in time.
_LEAST_TO_PACK = 512


class FrameKind(IntEnum):
    """What a frame's payload is; `timeline.journal_record` decodes it."""

    RUN_STARTED = 1
    MARKET = 2
    INPUT = 3
    COMMAND = 4
    EVENT = 5
    SNAPSHOT_TAKEN = 6
    RUN_ENDED = 7
    SEGMENT_SEALED = 8
    STATE_PART = 9


class JournalPosition(msgspec.Struct, frozen=True, gc=False):
    """A place in the journal: the sequence of the last frame before it and that frame's hash."""

    sequence: int
    chain: bytes


JOURNAL_START = JournalPosition(0, bytes(CHAIN_BYTES))
"""The position before the first frame ever."""


class SegmentHeader(msgspec.Struct, frozen=True, gc=False):
    """The head of a segment: which run began it and what it continues."""

    segment: int
    run: int
    first_sequence: int
    created_ns: int
    previous_chain: bytes


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One frame as read: `payload` is unpacked."""

    kind: FrameKind
    sequence: int
    time_ns: int
    payload: bytes


class FrameHead(msgspec.Struct, frozen=True, gc=False):
    """The head of a stored frame."""

    length: int
    kind: int
    flags: int
    sequence: int
    time_ns: int

    @property
    def size(self) -> int:
        """Bytes of the whole frame."""
        return HEAD_BYTES + self.length + TRAILER_BYTES


def encode_header(header: SegmentHeader) -> bytes:
    """The 64 bytes of a segment's header."""
    assert len(header.previous_chain) == CHAIN_BYTES
    data = _HEADER.pack(
        _MAGIC,
        JOURNAL_VERSION,
        0,
        header.segment,
        header.run,
        header.first_sequence,
        header.created_ns,
        header.previous_chain,
        0,
    )
    return data + _CRC.pack(zlib.crc32(data))


def decode_header(data: bytes) -> SegmentHeader:
    """The header at the start of a segment; raises `JournalCorrupt` saying what is wrong."""
    if len(data) < HEADER_BYTES:
        raise JournalCorrupt(f"header: expected {HEADER_BYTES} bytes, found {len(data)}")
    magic, version, _, segment, run, first, created_ns, previous, _ = _HEADER.unpack_from(data)
    found = zlib.crc32(memoryview(data)[: _HEADER.size])
    (expected,) = _CRC.unpack_from(data, _HEADER.size)
    if magic != _MAGIC:
        raise JournalCorrupt("header: expected the first bytes of a journal segment, found others")
    if found != expected:
        raise JournalCorrupt(f"header: expected checksum {expected:08x}, found {found:08x}")
    if version != JOURNAL_VERSION:
        raise JournalCorrupt(f"header: expected version {JOURNAL_VERSION}, found {version}")
    return SegmentHeader(segment, run, first, created_ns, previous)


def segment_chain(header: bytes) -> bytes:
    """The hash that a segment's first frame continues."""
    return _hash(bytes(CHAIN_BYTES), header[:HEADER_BYTES], b"")


def encode_frame(
    kind: FrameKind, time_ns: int, payload: bytes, before: JournalPosition
) -> tuple[bytes, JournalPosition]:
    """The bytes of the frame that follows `before`, and the position after it.

    `before.chain` is the hash of the frame before it, or `segment_chain` of a new segment.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise InvariantBroken(
            f"expected a payload of at most {MAX_PAYLOAD_BYTES} bytes, found {len(payload)}"
        )
    flags, stored = _pack(kind, payload)
    sequence = before.sequence + 1
    head = _FRAME.pack(FRAME_MARK, len(stored), kind, flags, 0, sequence, time_ns)
    head += _CRC.pack(zlib.crc32(head))
    chain = _hash(before.chain, head, stored)
    check = _CRC.pack(zlib.crc32(stored, zlib.crc32(head)))
    return b"".join((head, stored, check, chain)), JournalPosition(sequence, chain)


def read_head(data: bytes, offset: int) -> FrameHead | None:
    """The head at that offset, or None when there is none whole and sound."""
    if offset + HEAD_BYTES > len(data):
        return None
    (expected,) = _CRC.unpack_from(data, offset + _FRAME.size)
    if zlib.crc32(memoryview(data)[offset : offset + _FRAME.size]) != expected:
        return None
    mark, length, kind, flags, _, sequence, time_ns = _FRAME.unpack_from(data, offset)
    return FrameHead(length, kind, flags, sequence, time_ns) if mark == FRAME_MARK else None


def frame_checksums(data: bytes, offset: int, head: FrameHead) -> tuple[int, int]:
    """The checksum a whole frame carries and the one its bytes have."""
    end = offset + HEAD_BYTES + head.length
    (carried,) = _CRC.unpack_from(data, end)
    return carried, zlib.crc32(memoryview(data)[offset:end])


def frame_chains(data: bytes, offset: int, head: FrameHead, before: bytes) -> tuple[bytes, bytes]:
    """The chain hash a whole frame carries and the one that follows from the hash before it."""
    payload = offset + HEAD_BYTES
    end = payload + head.length
    view = memoryview(data)
    carried = data[end + _CRC.size : end + TRAILER_BYTES]
    return carried, _hash(before, view[offset:payload], view[payload:end])


def decode_frame(data: bytes, offset: int, head: FrameHead) -> Frame:
    """The frame of a checked head; raises `JournalCorrupt` when its payload cannot be unpacked."""
    start = offset + HEAD_BYTES
    try:
        kind = FrameKind(head.kind)
    except ValueError:
        raise JournalCorrupt(f"expected a known kind of frame, found {head.kind}") from None
    stored = data[start : start + head.length]
    return Frame(kind, head.sequence, head.time_ns, _unpack(head.flags, stored))


def _hash(before: bytes, head: bytes | memoryview, payload: bytes | memoryview) -> bytes:
    state = hashlib.blake2b(before, digest_size=CHAIN_BYTES)
    state.update(head)
    state.update(payload)
    return state.digest()


def _pack(kind: FrameKind, payload: bytes) -> tuple[int, bytes]:
    # Columns of rows compress to about half of what rows do, in less time.
    if len(payload) < _LEAST_TO_PACK:
        return 0, payload
    flags, raw = FLAG_ZLIB, payload
    if kind is FrameKind.MARKET and len(payload) % _ROW_BYTES == 0:
        flags |= FLAG_ROWS
        raw = np.frombuffer(payload, np.uint8).reshape(-1, _ROW_BYTES).T.tobytes()
    packed = _CRC.pack(len(payload)) + zlib.compress(raw, 1)
    if len(packed) * 8 > len(payload) * 7:
        return 0, payload
    return flags, packed


def _unpack(flags: int, stored: bytes) -> bytes:
    if not flags & FLAG_ZLIB:
        return stored
    size = int.from_bytes(stored[: _CRC.size], "little")
    try:
        raw = zlib.decompressobj().decompress(memoryview(stored)[_CRC.size :], size + 1)
    except zlib.error as error:
        raise JournalCorrupt(f"expected a zlib stream, found {error}") from error
    if len(raw) != size or size > MAX_PAYLOAD_BYTES:
        raise JournalCorrupt(f"expected {size} unpacked bytes, found {len(raw)}")
    if flags & FLAG_ROWS:
        return np.frombuffer(raw, np.uint8).reshape(_ROW_BYTES, -1).T.tobytes()
    return raw
