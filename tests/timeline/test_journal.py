import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken, JournalCorrupt
from undertow.domain.market_event import EVENT
from undertow.timeline.journal import (
    FLAG_ROWS,
    FLAG_ZLIB,
    HEADER_BYTES,
    JOURNAL_START,
    MAX_PAYLOAD_BYTES,
    Frame,
    FrameHead,
    FrameKind,
    SegmentHeader,
    decode_frame,
    decode_header,
    encode_frame,
    encode_header,
    frame_chains,
    frame_checksums,
    read_head,
)

HEADER = SegmentHeader(3, 7, 42, 1_700_000_000_000_000_000, bytes(range(16)))


def _head(data: bytes) -> FrameHead:
    head = read_head(data, 0)
    assert head is not None
    assert head.size == len(data)
    return head


@settings(deadline=None, derandomize=True)
@given(st.sampled_from(FrameKind), st.integers(-(1 << 63), (1 << 63) - 1), st.binary(max_size=2000))
def test_frames_round_trip(kind: FrameKind, time_ns: int, payload: bytes) -> None:
    data, after = encode_frame(kind, time_ns, payload, JOURNAL_START)
    head = _head(data)
    assert decode_frame(data, 0, head) == Frame(kind, 1, time_ns, payload)
    carried, found = frame_chains(data, 0, head, JOURNAL_START.chain)
    assert carried == found == after.chain
    assert len(set(frame_checksums(data, 0, head))) == 1
    assert after.sequence == 1


def test_header_round_trips() -> None:
    data = encode_header(HEADER)
    assert len(data) == HEADER_BYTES
    assert decode_header(data) == HEADER


def test_every_flipped_bit_of_a_header_is_found() -> None:
    data = encode_header(HEADER)
    for bit in range(8 * HEADER_BYTES):
        broken = bytearray(data)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(JournalCorrupt, match="header: expected"):
            decode_header(bytes(broken))


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("undertow.timeline.journal.JOURNAL_VERSION", 9)
    newer = encode_header(HEADER)
    monkeypatch.undo()
    with pytest.raises(JournalCorrupt, match="expected version 1, found 9"):
        decode_header(newer)


def test_market_rows_are_packed_as_columns() -> None:
    rows = np.zeros(1000, EVENT)
    rows["receive_time_ns"] = np.arange(1000) * 1_000_003
    data, _ = encode_frame(FrameKind.MARKET, 0, rows.tobytes(), JOURNAL_START)
    head = _head(data)
    assert head.flags == FLAG_ZLIB | FLAG_ROWS
    assert len(data) < rows.nbytes / 8
    assert decode_frame(data, 0, head).payload == rows.tobytes()


def test_what_does_not_shrink_is_stored_as_it_is() -> None:
    noise = np.random.default_rng(1).bytes(6400)
    data, _ = encode_frame(FrameKind.MARKET, 0, noise, JOURNAL_START)
    assert _head(data).flags == 0


def test_unknown_kind_and_bad_packing_are_refused() -> None:
    data, _ = encode_frame(FrameKind.EVENT, 0, bytes(1000), JOURNAL_START)
    head = _head(data)
    with pytest.raises(JournalCorrupt, match="known kind of frame, found 99"):
        decode_frame(data, 0, FrameHead(head.length, 99, head.flags, 1, 0))
    with pytest.raises(JournalCorrupt, match="zlib stream"):
        decode_frame(data[:36] + bytes(100), 0, head)
    longer = data[:32] + (1001).to_bytes(4, "little") + data[36:]
    with pytest.raises(JournalCorrupt, match="expected 1001 unpacked bytes, found 1000"):
        decode_frame(longer, 0, head)


def test_a_payload_has_a_limit() -> None:
    with pytest.raises(InvariantBroken, match="at most"):
        encode_frame(FrameKind.EVENT, 0, bytes(MAX_PAYLOAD_BYTES + 1), JOURNAL_START)
