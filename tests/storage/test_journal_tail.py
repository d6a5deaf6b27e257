import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.domain.errors import JournalCorrupt
from undertow.storage.journal_reader import JournalReader, verify_journal
from undertow.storage.journal_tail import find_tail
from undertow.storage.journal_writer import JournalWriter
from undertow.timeline.journal import HEADER_BYTES, FrameKind
from undertow.timeline.journal_record import RunStarted
from undertow.timeline.segment_walk import SegmentWalk, WalkedFrame

MakeRun = Callable[[int], RunStarted]


@pytest.fixture
def journal(tmp_path: Path, make_run: MakeRun) -> Path:
    """Three segments, the last with several frames."""
    folder = tmp_path / "journal"
    with JournalWriter(folder, make_run(1), segment_bytes=1300) as writer:
        for i in range(17):
            writer.append(FrameKind.EVENT, bytes([i]) * 60, 1)
    assert len(list(folder.glob("*.journal"))) == 3
    return folder


def _count(folder: Path) -> int:
    return len(list(JournalReader(folder).frames(kinds=[FrameKind.EVENT])))


def test_any_truncation_of_the_end_is_cut_said_and_continued(
    journal: Path, tmp_path: Path, make_run: MakeRun
) -> None:
    last = journal / "00000003.journal"
    data = last.read_bytes()
    steps = SegmentWalk(data, last.name, is_last=True).steps()
    borders = [step.offset for step in steps if isinstance(step, WalkedFrame)]
    for size in sorted({*range(0, len(data), 11), *borders, HEADER_BYTES - 1}):
        copy = tmp_path / "copy"
        shutil.copytree(journal, copy)
        (copy / last.name).write_bytes(data[:size])
        whole = _count(copy)
        with JournalWriter(copy, make_run(2)) as writer:
            torn = writer.torn
            writer.append(FrameKind.EVENT, b"after", 1)
        assert (torn is None) == (size in borders)
        assert torn is None or torn.lost_bytes > 0 or size == 0
        assert _count(copy) == whole + 1
        assert verify_journal(copy).is_sound
        shutil.rmtree(copy)


def test_opening_twice_changes_nothing_more(journal: Path, make_run: MakeRun) -> None:
    last = journal / "00000003.journal"
    last.write_bytes(last.read_bytes()[:-7])
    JournalWriter(journal, make_run(2)).close()
    with JournalWriter(journal, make_run(3)) as writer:
        assert writer.torn is None
    assert verify_journal(journal).runs == 3


def test_damage_before_the_end_stops_the_start(journal: Path, make_run: MakeRun) -> None:
    last = journal / "00000003.journal"
    data = bytearray(last.read_bytes())
    data[HEADER_BYTES + 40] ^= 1
    last.write_bytes(data)
    with pytest.raises(JournalCorrupt, match=r"00000003.journal: frame 1 \(sequence \d+\)"):
        JournalWriter(journal, make_run(2))
    assert last.read_bytes() == bytes(data)


def test_a_removed_swapped_or_foreign_segment_stops_the_start(
    journal: Path, tmp_path: Path, make_run: MakeRun
) -> None:
    first, second, third = sorted(journal.glob("*.journal"))
    kept = third.read_bytes()
    third.unlink()
    with pytest.raises(JournalCorrupt, match=r"00000003\.journal is missing after the seal"):
        find_tail(journal)
    third.write_bytes(second.read_bytes())
    with pytest.raises(JournalCorrupt, match="expected segment 3, found 2"):
        find_tail(journal)
    third.write_bytes(kept)
    second.unlink()
    with pytest.raises(JournalCorrupt, match="segments 2 to 2 are missing"):
        find_tail(journal)
    second.write_bytes(first.read_bytes())
    with pytest.raises(JournalCorrupt, match="does not continue the hash chain"):
        find_tail(journal)


def test_a_fresh_segment_after_a_seal_is_gone_on_with(journal: Path, make_run: MakeRun) -> None:
    last = journal / "00000003.journal"
    last.write_bytes(last.read_bytes()[:HEADER_BYTES])
    tail = find_tail(journal)
    assert (tail.path, tail.torn, tail.end) == (last, None, HEADER_BYTES)
    with JournalWriter(journal, make_run(2)):
        pass
    assert verify_journal(journal).is_sound


def test_an_empty_folder_and_an_empty_segment(tmp_path: Path, make_run: MakeRun) -> None:
    assert find_tail(tmp_path).path is None
    (tmp_path / "00000001.journal").touch()
    with JournalWriter(tmp_path, make_run(1)) as writer:
        assert writer.torn is not None
    assert verify_journal(tmp_path).frames == 1


def test_the_greatest_run_is_known(journal: Path, make_run: MakeRun) -> None:
    for run in (4, 9):
        JournalWriter(journal, make_run(run)).close()
    assert find_tail(journal).run == 9
