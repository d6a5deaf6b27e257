"""Builders of journals in memory and of market rows."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.timeline.exact_msgpack import encode_exact
from undertow.timeline.journal import (
    JOURNAL_START,
    FrameKind,
    JournalPosition,
    SegmentHeader,
    encode_frame,
    encode_header,
    segment_chain,
)
from undertow.timeline.journal_record import SegmentSealed

Built = list[tuple[str, bytes]]
BuildJournal = Callable[[Sequence[Sequence[bytes]]], Built]
Row = tuple[int, int]


def _build(segments: Sequence[Sequence[bytes]]) -> Built:
    """A journal with these payloads by segment, as (name, bytes); all but the last are sealed."""
    built: Built = []
    position = JOURNAL_START
    for number, payloads in enumerate(segments, 1):
        data = encode_header(SegmentHeader(number, 1, position.sequence + 1, 5, position.chain))
        position = JournalPosition(position.sequence, segment_chain(data))
        for payload in payloads:
            frame, position = encode_frame(FrameKind.EVENT, 7, payload, position)
            data += frame
        if number < len(segments):
            seal = encode_exact(SegmentSealed(number + 1))
            frame, position = encode_frame(FrameKind.SEGMENT_SEALED, 7, seal, position)
            data += frame
        built.append((f"{number:06d}.journal", data))
    return built


@pytest.fixture
def build_journal() -> BuildJournal:
    return _build


def _rows(kinds: Sequence[EventKind], times: Sequence[int]) -> EventArray:
    rows = np.zeros(len(kinds), EVENT)
    rows["kind"] = kinds
    rows["receive_time_ns"] = times
    rows["sequence"] = np.arange(len(kinds))
    return rows


@pytest.fixture
def make_rows() -> Callable[[Sequence[EventKind], Sequence[int]], EventArray]:
    return _rows
