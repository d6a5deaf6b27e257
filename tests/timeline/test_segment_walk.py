from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.errors import JournalCorrupt
from undertow.timeline.journal import HEADER_BYTES
from undertow.timeline.segment_walk import Damage, SegmentWalk, WalkedFrame

Build = Callable[[Sequence[Sequence[bytes]]], list[tuple[str, bytes]]]
PAYLOADS = [b"first", b"", b"third" * 30, b"4", b"fifth"]


@pytest.fixture
def segment(build_journal: Build) -> bytes:
    return build_journal([PAYLOADS])[0][1]


def _walk(data: bytes, *, is_last: bool = True) -> tuple[SegmentWalk, list[Damage]]:
    walk = SegmentWalk(data, "s", is_last=is_last, keep_going=True)
    damages = [step for step in walk.steps() if isinstance(step, Damage)]
    return walk, ([walk.header_damage] if walk.header_damage else []) + damages


def _starts(data: bytes) -> list[int]:
    steps = SegmentWalk(data, "s", is_last=True).steps()
    return [step.offset for step in steps if isinstance(step, WalkedFrame)] + [len(data)]


def _frame_at(starts: list[int], byte: int) -> int:
    return sum(start <= byte for start in starts)


def test_a_sound_segment_is_read_whole(segment: bytes) -> None:
    walk = SegmentWalk(segment, "s", is_last=True)
    assert [frame.payload for frame in walk.read()] == PAYLOADS
    assert (walk.end, walk.frames, walk.torn) == (len(segment), 5, None)
    assert walk.position.chain == segment[-16:]


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_every_flipped_byte_is_named_exactly(segment: bytes, flip: int) -> None:
    starts = _starts(segment)
    for byte in range(len(segment)):
        broken = bytearray(segment)
        broken[byte] ^= flip
        _, damages = _walk(bytes(broken), is_last=False)
        assert len(damages) == 1
        assert damages[0].frame == _frame_at(starts, byte)
        assert damages[0].offset == max(s for s in (0, *starts) if s <= byte)


def test_flips_in_the_last_frame_are_a_torn_tail_and_before_it_are_not(segment: bytes) -> None:
    last = _starts(segment)[-2]
    for byte in range(HEADER_BYTES, len(segment)):
        broken = bytearray(segment)
        broken[byte] ^= 0x10
        walk, damages = _walk(bytes(broken))
        assert (walk.torn is not None, len(damages)) == ((True, 0) if byte >= last else (False, 1))


@pytest.mark.parametrize("zeros", [0, 1, 31, 32, 500])
def test_every_truncation_is_cut_to_the_last_whole_frame(segment: bytes, zeros: int) -> None:
    starts = _starts(segment)
    for size in range(HEADER_BYTES, len(segment)):
        walk, damages = _walk(segment[:size] + bytes(zeros))
        whole = max(start for start in starts if start <= size)
        assert damages == []
        assert walk.end == whole
        assert (walk.torn is None) == (whole == size + zeros)
        if walk.torn is not None:
            assert (walk.torn.offset, walk.torn.lost_bytes) == (whole, size + zeros - whole)


def test_truncation_elsewhere_than_at_the_end_is_damage(segment: bytes) -> None:
    walk, damages = _walk(segment[:-3], is_last=False)
    assert walk.torn is None
    assert "expected a frame of" in damages[0].what


@settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the fixture is pure
@given(st.lists(st.binary(max_size=40), min_size=3, max_size=8), st.data())
def test_removed_repeated_and_moved_frames_are_found(
    build_journal: Build, payloads: list[bytes], data: st.DataObject
) -> None:
    segment = build_journal([payloads])[0][1]
    starts = _starts(segment)
    pieces = [segment[a:b] for a, b in zip([0, *starts], starts, strict=False)]
    k = data.draw(st.integers(1, len(pieces) - 2))
    removed = b"".join(pieces[:k] + pieces[k + 1 :])
    repeated = b"".join(pieces[: k + 1] + pieces[k:])
    swapped = b"".join([*pieces[:k], pieces[k + 1], pieces[k], *pieces[k + 2 :]])
    for broken, frame, word in ((removed, k, "missing"), (repeated, k + 1, "repeated")):
        walk, damages = _walk(broken)
        assert (len(damages), damages[0].frame, walk.torn) == (1, frame, None)
        assert word in damages[0].what
    walk, damages = _walk(swapped)
    assert [damage.frame for damage in damages] == [k, k + 1]


def test_a_rewritten_frame_with_right_checksum_breaks_the_chain(
    segment: bytes, build_journal: Build
) -> None:
    starts = _starts(segment)
    forged = build_journal([[*PAYLOADS[:2], b"forge" * 30, *PAYLOADS[3:]]])[0][1]
    mixed = segment[: starts[2]] + forged[starts[2] : starts[3]] + segment[starts[3] :]
    _, damages = _walk(mixed)
    assert len(damages) == 1
    assert (damages[0].frame, "chain breaks" in damages[0].what) == (4, True)


def test_two_broken_frames_at_the_end_are_damage(segment: bytes) -> None:
    starts = _starts(segment)
    broken = bytearray(segment)
    broken[starts[3] + 5] ^= 1
    broken[starts[4] + 5] ^= 1
    walk, damages = _walk(bytes(broken))
    assert (walk.torn, len(damages)) == (None, 1)


def test_reading_stops_at_damage_and_names_it(segment: bytes) -> None:
    broken = bytearray(segment)
    broken[_starts(segment)[2] + 40] ^= 1
    walk = SegmentWalk(bytes(broken), "000001.journal", is_last=True)
    with pytest.raises(JournalCorrupt, match=r"000001.journal: frame 3 \(sequence 3\) at byte 1"):
        list(walk.read())
    with pytest.raises(JournalCorrupt, match="header at byte 0"):
        SegmentWalk(b"x" * 100, "s", is_last=True)
