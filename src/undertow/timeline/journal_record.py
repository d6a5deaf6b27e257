"""What the journal's frames say, as typed values.

| kind | value | payload |
| --- | --- | --- |
| RUN_STARTED | `RunStarted` | exact msgpack |
| MARKET | `EVENT` rows | the rows' bytes |
| INPUT | `engine_input.Input` | exact msgpack |
| COMMAND | `command.Command` | exact msgpack |
| EVENT | `event.Event` | exact msgpack |
| SNAPSHOT_TAKEN | `SnapshotTaken` | exact msgpack |
| RUN_ENDED | `RunEnded` | exact msgpack |
| SEGMENT_SEALED | `SegmentSealed` | exact msgpack |
| STATE_PART | `StatePart` | exact msgpack |
"""

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from undertow.domain.command import Command
from undertow.domain.engine_input import Input
from undertow.domain.errors import JournalCorrupt
from undertow.domain.event import Event
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EVENT, EventArray
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.journal import Frame, FrameKind
from undertow.timeline.snapshot import PartBytes

PIECE_BYTES = 16 << 20
"""Most bytes of a state in one frame."""


class RunStarted(msgspec.Struct, frozen=True):
    """All that a replay of the run needs besides its inputs.

    run: the run's number, `ut<run>` in its ids. mode: "paper", "live", "backtest".
    config: the whole resolved configuration as text; config_digest: its digest in hex.
    sources: names by the index that rows carry; instruments: the table, in index order.
    """

    run: int
    started_ns: int
    mode: str
    version: str
    seed: int
    config_digest: str
    config: str
    instruments: tuple[Instrument, ...]
    sources: tuple[str, ...]
    strategies: tuple[str, ...]

    @property
    def run_id(self) -> str:
        """The run's name as its ids begin, e.g. `ut7`."""
        return f"ut{self.run}"


class SnapshotTaken(msgspec.Struct, frozen=True):
    """The state after frame `sequence` is on disk in the snapshot file of that sequence."""

    at_ns: int
    sequence: int
    digest: str


class RunEnded(msgspec.Struct, frozen=True):
    """The run ended in good order. `state_hash`: of the engine's final snapshot, in hex;
    `counters`: what was handled, by name.
    """

    at_ns: int
    state_hash: str
    reason: str
    counters: dict[str, int]


class SegmentSealed(msgspec.Struct, frozen=True):
    """The last frame of a segment that `next_segment` follows."""

    next_segment: int


class StatePart(msgspec.Struct, frozen=True):
    """A piece of the engine's state that the first run begins with (after a warm-up), so that a
    replay needs nothing but the journal. `place` counts the pieces of all parts from 0.
    """

    name: str
    place: int
    count: int
    data: bytes


Value = (
    EventArray
    | RunStarted
    | Input
    | Command
    | Event
    | SnapshotTaken
    | RunEnded
    | SegmentSealed
    | StatePart
)
"""What a frame can hold."""


class JournalRecord(msgspec.Struct, frozen=True):
    """A frame with its payload decoded."""

    kind: FrameKind
    sequence: int
    time_ns: int
    value: Value


_decoders = {
    FrameKind.RUN_STARTED: ExactDecoder[Value](RunStarted),
    FrameKind.INPUT: ExactDecoder[Value](Input),
    FrameKind.COMMAND: ExactDecoder[Value](Command),
    FrameKind.EVENT: ExactDecoder[Value](Event),
    FrameKind.SNAPSHOT_TAKEN: ExactDecoder[Value](SnapshotTaken),
    FrameKind.RUN_ENDED: ExactDecoder[Value](RunEnded),
    FrameKind.SEGMENT_SEALED: ExactDecoder[Value](SegmentSealed),
    FrameKind.STATE_PART: ExactDecoder[Value](StatePart),
}


def encode_value(value: Value) -> bytes:
    """The payload of a frame that says this."""
    if isinstance(value, np.ndarray):
        assert value.dtype == EVENT
        return value.tobytes()
    return encode_exact(value)


def decode_record(frame: Frame) -> JournalRecord:
    """A frame's value; rows are read-only. Raises `JournalCorrupt` when the payload, though its
    checksum holds, is not of this version's vocabulary.
    """
    value: Value
    if frame.kind is FrameKind.MARKET:
        if len(frame.payload) % EVENT.itemsize:
            raise JournalCorrupt(
                f"frame {frame.sequence}: expected whole rows of {EVENT.itemsize} bytes, "
                f"found {len(frame.payload)} bytes"
            )
        value = np.frombuffer(frame.payload, EVENT)
    else:
        try:
            value = _decoders[frame.kind].decode(frame.payload)
        except ValueError as error:  # a DecodeError, or text that is no UTF-8
            raise JournalCorrupt(
                f"frame {frame.sequence}: expected a {frame.kind.name} payload, found {error}"
            ) from error
    return JournalRecord(frame.kind, frame.sequence, frame.time_ns, value)


def state_parts(parts: Mapping[str, PartBytes]) -> Iterator[StatePart]:
    """A snapshot's parts as pieces that fit into frames, in order."""
    pieces = [
        (name, bytes(data[start : start + PIECE_BYTES]))
        for name, data in parts.items()
        for start in range(0, max(1, len(data)), PIECE_BYTES)
    ]
    for place, (name, data) in enumerate(pieces):
        yield StatePart(name, place, len(pieces), data)
