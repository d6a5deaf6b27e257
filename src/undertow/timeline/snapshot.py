"""The byte format of snapshots: named parts, each with a checksum, and where in the journal they
belong.

| part | size |
| --- | --- |
| magic | 8 |
| version | 2 |
| reserved, 0 | 2 |
| length of the contents | 4 |
| contents: msgpack of position, time, run and (name, length, CRC32) of every part | length |
| the parts, in the order of their names | their lengths |
| blake2b-256 of all above | 32 |

Equal snapshots have equal bytes. Restoring the parts and then applying the journal's frames after
`position.sequence` gives the state of a program that never stopped.
"""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from undertow.domain.errors import SnapshotCorrupt
from undertow.timeline.journal import JournalPosition

SNAPSHOT_VERSION = 1

_MAGIC = b"\x89UTS\r\n\x1a\n"
_HEAD = struct.Struct("<8sHHI")
_DIGEST_BYTES = 32


PartBytes: TypeAlias = bytes | memoryview
"""What one owner saved: bytes, or a view of them that spares a copy."""


class Snapshot(msgspec.Struct, frozen=True):
    """The state after the journal's frame `position.sequence`: each owner's bytes by its name."""

    position: JournalPosition
    at_ns: int
    run: int
    parts: Mapping[str, PartBytes]


class _Part(msgspec.Struct, frozen=True, array_like=True):
    name: str
    length: int
    checksum: int


class _Contents(msgspec.Struct, frozen=True):
    sequence: int
    chain: bytes
    at_ns: int
    run: int
    parts: tuple[_Part, ...]


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """The bytes of a snapshot."""
    names = sorted(snapshot.parts)
    contents = msgspec.msgpack.encode(
        _Contents(
            snapshot.position.sequence,
            snapshot.position.chain,
            snapshot.at_ns,
            snapshot.run,
            tuple(
                _Part(name, len(snapshot.parts[name]), zlib.crc32(snapshot.parts[name]))
                for name in names
            ),
        )
    )
    head = _HEAD.pack(_MAGIC, SNAPSHOT_VERSION, 0, len(contents))
    body = b"".join([head, contents, *(snapshot.parts[name] for name in names)])
    return body + _digest(body)


def snapshot_digest(data: bytes) -> str:
    """The digest that ends a snapshot's bytes, in hex; the journal's SNAPSHOT_TAKEN carries it."""
    return data[-_DIGEST_BYTES:].hex()


def decode_snapshot(data: bytes) -> Snapshot:
    """The snapshot of these bytes; raises `SnapshotCorrupt` saying what of it is not whole."""
    contents, start = _contents(data)
    parts: dict[str, PartBytes] = {}
    for part in contents.parts:
        body = data[start : start + part.length]
        start += part.length
        if len(body) < part.length or zlib.crc32(body) != part.checksum:
            raise SnapshotCorrupt(
                f"part {part.name!r}: its {part.length} bytes fail their checksum"
            )
        parts[part.name] = body
    if len(data) != start + _DIGEST_BYTES:
        raise SnapshotCorrupt(f"expected {start + _DIGEST_BYTES} bytes, found {len(data)}")
    if _digest(data[:start]) != data[start:]:
        raise SnapshotCorrupt("the snapshot as a whole fails its checksum")
    position = JournalPosition(contents.sequence, contents.chain)
    return Snapshot(position, contents.at_ns, contents.run, parts)


def _contents(data: bytes) -> tuple[_Contents, int]:
    if len(data) < _HEAD.size + _DIGEST_BYTES:
        raise SnapshotCorrupt(
            f"expected at least {_HEAD.size + _DIGEST_BYTES} bytes, found {len(data)}"
        )
    magic, version, _, length = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise SnapshotCorrupt("expected the first bytes of a snapshot, found others")
    if version != SNAPSHOT_VERSION:
        raise SnapshotCorrupt(
            f"expected a snapshot of version {SNAPSHOT_VERSION}, found version {version}"
        )
    end = _HEAD.size + length
    try:
        contents = msgspec.msgpack.decode(data[_HEAD.size : end], type=_Contents)
    except ValueError as error:  # a DecodeError, or text that is no UTF-8
        raise SnapshotCorrupt(f"its list of contents cannot be read: {error}") from error
    return contents, end


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()
