from collections.abc import Callable, Sequence

import pytest

from undertow.timeline.journal import HEADER_BYTES, FrameKind, JournalPosition, encode_frame
from undertow.timeline.journal_check import JournalCheck, JournalReport, is_unbegun
from undertow.timeline.segment_walk import SegmentWalk, WalkedFrame

Built = list[tuple[str, bytes]]
Build = Callable[[Sequence[Sequence[bytes]]], Built]
SEGMENTS = [[b"a", b"b"], [b"c"], [b"d", b"e", b"f"]]


@pytest.fixture
def journal(build_journal: Build) -> Built:
    return build_journal(SEGMENTS)


def _check(
    journal: Built, *, archived: int = 0, anchors: Sequence[JournalPosition] = ()
) -> JournalReport:
    check = JournalCheck(archived=archived, anchors=anchors)
    begun = [i for i, (_, data) in enumerate(journal) if not is_unbegun(len(data))]
    for i, (name, data) in enumerate(journal):
        check.add(name, data, is_last=i >= max(begun, default=0))
    return check.report()


def _positions(data: bytes) -> list[JournalPosition]:
    steps = SegmentWalk(data, "s", is_last=True).steps()
    return [step.position for step in steps if isinstance(step, WalkedFrame)]


def test_a_sound_journal(journal: Built) -> None:
    report = _check(journal)
    assert (report.segments, report.frames, report.last.sequence) == (3, 8, 8)
    assert (report.is_sound, report.torn, report.ended_cleanly) == (True, None, False)
    assert report.text.endswith("every frame is sound")


def test_every_flipped_byte_anywhere_is_reported_once(journal: Built) -> None:
    for i, (name, data) in enumerate(journal):
        for byte in range(len(data)):
            broken = bytearray(data)
            broken[byte] ^= 0x20
            report = _check([*journal[:i], (name, bytes(broken)), *journal[i + 1 :]])
            found = [damage.segment for damage in report.damages]
            found += [report.torn.segment] if report.torn else []
            assert found == [name], report.text


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_removed_segment_is_found(journal: Built, gone: int) -> None:
    report = _check(journal[:gone] + journal[gone + 1 :])
    assert len(report.damages) == 1
    assert "missing" in report.text


def test_a_repeated_or_moved_segment_is_found(journal: Built) -> None:
    repeated = _check([*journal[:2], journal[1], journal[2]])
    assert any("repeated or out of order" in damage.what for damage in repeated.damages)
    assert not _check([journal[0], journal[2], journal[1]]).is_sound


def test_a_segment_of_another_journal_is_found(journal: Built, build_journal: Build) -> None:
    other = build_journal([[b"x", b"y"], *SEGMENTS[1:]])
    report = _check([journal[0], other[1], journal[2]])
    assert "does not continue the hash chain" in report.damages[0].what
    longer = build_journal([[b"a", b"b", b"c"], *SEGMENTS[1:]])
    assert "expected first sequence 4, found 5" in _check([journal[0], longer[1]]).text


def test_frames_cut_before_the_seal_are_found(journal: Built) -> None:
    name, data = journal[0]
    step = list(SegmentWalk(data, name, is_last=True).steps())[1]
    assert isinstance(step, WalkedFrame)
    report = _check([(name, data[: step.offset]), *journal[1:]])
    assert "expected the seal" in report.damages[0].what
    assert (report.damages[0].frame, report.damages[0].offset) == (2, step.offset)


def test_every_truncation_of_the_last_segment_is_sound(journal: Built) -> None:
    name, data = journal[2]
    for size in range(len(data)):
        report = _check([*journal[:2], (name, data[:size])])
        assert report.is_sound, (size, report.text)


def test_an_unfinished_rotation_is_a_torn_tail(journal: Built, build_journal: Build) -> None:
    unsealed = build_journal([SEGMENTS[0]])[0]
    begun = (journal[1][0], journal[1][1][:HEADER_BYTES])
    report = _check([unsealed, begun])
    assert (report.is_sound, report.segments) == (True, 1)
    assert report.torn is not None
    assert "not sealed" in report.torn.what
    fresh = _check([journal[0], begun])
    assert (fresh.is_sound, fresh.torn, fresh.segments) == (True, None, 2)


def test_anchors_find_lost_and_changed_ends(journal: Built, build_journal: Build) -> None:
    anchor = _positions(journal[2][1])[-1]
    assert _check(journal, anchors=[anchor]).is_sound
    name, data = journal[2]
    step = list(SegmentWalk(data, name, is_last=True).steps())[1]
    assert isinstance(step, WalkedFrame)
    shorter = _check([*journal[:2], (name, data[: step.offset])], anchors=[anchor])
    assert "expected frames up to sequence 8, found the end" in shorter.text
    other = build_journal([*SEGMENTS[:2], [b"d", b"e", b"F"]])
    assert "noted elsewhere" in _check(other, anchors=[anchor]).text


def test_archived_segments_are_not_missed(journal: Built) -> None:
    assert _check(journal[1:], archived=1).is_sound
    assert not _check(journal[1:]).is_sound


def test_a_clean_end_is_seen(journal: Built) -> None:
    name, data = journal[2]
    ended, _ = encode_frame(FrameKind.RUN_ENDED, 9, b"", _positions(data)[-1])
    assert _check([*journal[:2], (name, data + ended)]).ended_cleanly
    assert not _check(journal).ended_cleanly


def test_a_journal_of_nothing_is_sound() -> None:
    assert _check([]).is_sound
    report = _check([("1", b"")])
    assert (report.is_sound, report.segments) == (True, 0)
    assert report.torn is not None
