from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.domain.errors import DataError, JournalCorrupt
from undertow.storage.journal_reader import JournalReader, verify_journal
from undertow.storage.journal_writer import JournalWriter
from undertow.timeline.journal import FRAME_MARK, FrameKind
from undertow.timeline.journal_record import RunStarted

MakeRun = Callable[[int], RunStarted]


@pytest.fixture
def journal(tmp_path: Path, make_run: MakeRun) -> Path:
    with JournalWriter(tmp_path, make_run(1), segment_bytes=1300) as writer:
        for i in range(20):
            writer.append(FrameKind.EVENT, bytes([i]) * 180, i)
    return tmp_path


def test_reading_from_any_sequence(journal: Path) -> None:
    every = list(JournalReader(journal).frames())
    assert [frame.sequence for frame in every] == list(range(1, len(every) + 1))
    for after in range(len(every) + 2):
        assert list(JournalReader(journal).frames(after)) == every[after:]
    assert JournalReader(journal).last_position().sequence == len(every)


def test_only_needed_segments_are_read(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    last = sorted(journal.glob("*.journal"))[-1].name
    list(JournalReader(journal).frames(JournalReader(journal).last_position().sequence - 1))
    assert set(read) == {last}


def test_kinds_are_chosen(journal: Path) -> None:
    records = list(JournalReader(journal).records(kinds=[FrameKind.RUN_STARTED]))
    assert [record.kind for record in records] == [FrameKind.RUN_STARTED]
    assert isinstance(records[0].value, RunStarted)


def test_a_torn_tail_ends_the_reading(journal: Path) -> None:
    last = sorted(journal.glob("*.journal"))[-1]
    count = len(list(JournalReader(journal).frames()))
    last.write_bytes(last.read_bytes() + b"\xf4UTf")
    reader = JournalReader(journal)
    assert len(list(reader.frames())) == count
    assert reader.torn is not None
    assert reader.torn.lost_bytes == 4


def test_each_flipped_byte_of_each_file_is_named(journal: Path) -> None:
    for path in sorted(journal.glob("*.journal"))[:2]:
        data = path.read_bytes()
        for byte in range(0, len(data), 7):
            broken = bytearray(data)
            broken[byte] ^= 4
            path.write_bytes(broken)
            report = verify_journal(journal)
            assert [damage.segment for damage in report.damages] == [path.name]
            with pytest.raises(JournalCorrupt, match=path.name):
                list(JournalReader(journal).frames())
        path.write_bytes(data)
    assert verify_journal(journal).is_sound


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_removed_segment_is_named(journal: Path, gone: int) -> None:
    (journal / f"0000000{gone}.journal").unlink()
    assert "missing" in verify_journal(journal).text
    what = f"expected segment {gone}, found {gone + 1}" if gone > 1 else "it begins at"
    with pytest.raises(DataError, match=what):
        list(JournalReader(journal).frames())


def test_swapped_segments_are_named(journal: Path) -> None:
    first, second = sorted(journal.glob("*.journal"))[:2]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    with pytest.raises(JournalCorrupt, match="expected segment 2, found 1"):
        list(JournalReader(journal).frames())
    assert len(verify_journal(journal).damages) >= 2


def test_frames_missing_before_a_seal_are_named(journal: Path) -> None:
    first = sorted(journal.glob("*.journal"))[0]
    data = first.read_bytes()
    first.write_bytes(data[: data.rindex(FRAME_MARK)])
    with pytest.raises(JournalCorrupt, match="the segment before it is not sealed"):
        list(JournalReader(journal).frames())
    assert "expected the seal" in verify_journal(journal).text


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found nothing at"):
        JournalReader(tmp_path / "gone")
    with pytest.raises(DataError, match="found nothing at"):
        verify_journal(tmp_path / "gone")
