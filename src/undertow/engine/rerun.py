"""Running a journal through an engine again, and comparing every effect with what was recorded.

The same frames must give the same effects in the same order, byte for byte. Effects that the
engine gives and the journal does not have yet are `pending`: at the end of a journal that was cut
off they are what was lost before it was written, and so was never sent.
"""

from collections import deque

import msgspec
import numpy as np

from undertow.domain.engine_input import Effect
from undertow.domain.errors import CallerError, DataError, InvariantBroken
from undertow.engine.engine import Engine
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, RunEnded, RunStarted, StatePart


class Difference(msgspec.Struct, frozen=True):
    """The first place where a re-run and its journal part.

    sequence: the journal frame. recorded, found: the effects, in words; empty where there was none.
    """

    sequence: int
    recorded: str
    found: str


class Rerun:
    """Feeds records to an engine, in order, until something differs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pending: deque[Effect] = deque()
        self.difference: Difference | None = None
        self.has_state = False
        self._parts: dict[str, bytes] = {}
        self._decoders: dict[type, ExactDecoder[Effect]] = {}
        self.inputs = 0
        self.effects = 0

    def take(self, record: JournalRecord) -> None:
        """Handle the next record of the journal."""
        if self.difference is not None:
            return
        match record.kind:
            case FrameKind.MARKET:
                self._market(record)
            case FrameKind.INPUT:
                self.inputs += 1
                self.engine.step(record.value)  # type: ignore[arg-type]  # INPUT holds an Input
                self.pending.extend(self.engine.drain())
            case FrameKind.COMMAND | FrameKind.EVENT:
                self._compare(record)
            case FrameKind.RUN_STARTED:
                assert isinstance(record.value, RunStarted)
                self.engine.begin_run(record.value.run)
            case FrameKind.STATE_PART:
                self._state(record)
            case FrameKind.RUN_ENDED:
                self._end(record)
            case FrameKind.SNAPSHOT_TAKEN | FrameKind.SEGMENT_SEALED:
                return

    def _market(self, record: JournalRecord) -> None:
        rows = record.value
        if not isinstance(rows, np.ndarray):
            raise InvariantBroken(f"expected market rows in frame {record.sequence}")
        position = 0
        while position < len(rows):
            position = self.engine.advance(rows, position, len(rows))
            self.pending.extend(self.engine.drain())
        self.inputs += 1

    def _state(self, record: JournalRecord) -> None:
        part = record.value
        assert isinstance(part, StatePart)
        if part.place == 0:
            self._parts = {}  # of a start that was cut off there may be some already
        self._parts[part.name] = self._parts.get(part.name, b"") + part.data
        if part.place < part.count - 1:
            return
        try:
            self.engine.restore(self._parts)
        except (CallerError, DataError) as error:
            # A state of other strategies, parameters or instruments, or of another version.
            self.difference = Difference(
                record.sequence, "the state that the run began with", str(error)
            )
            return
        self._parts = {}
        self.has_state = True

    def _compare(self, record: JournalRecord) -> None:
        found = self._as_recorded(self.pending.popleft()) if self.pending else None
        if found is not None and encode_exact(found) == encode_exact(record.value):
            self.effects += 1
            return
        words = "" if found is None else repr(found)
        self.difference = Difference(record.sequence, repr(record.value), words)

    def _end(self, record: JournalRecord) -> None:
        assert isinstance(record.value, RunEnded)
        if self.pending:
            words = repr(self._as_recorded(self.pending[0]))
            self.difference = Difference(record.sequence, "", words)
            return
        found = self.engine.state_hash()
        if record.value.state_hash != found:
            self.difference = Difference(record.sequence, record.value.state_hash, found)

    def _as_recorded(self, effect: Effect) -> Effect:
        # The journal's types decide: 1 where a float belongs is 1.0 there.
        kind = type(effect)
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = ExactDecoder(kind)
        return decoder.decode(encode_exact(effect))
