from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.storage.snapshot_files import SnapshotFiles
from undertow.timeline.journal import JournalPosition
from undertow.timeline.snapshot import Snapshot, encode_snapshot, snapshot_digest


def _snapshot(sequence: int, size: int = 10) -> Snapshot:
    return Snapshot(JournalPosition(sequence, bytes([sequence]) * 16), 5, 1, {"flow": bytes(size)})


def _sequences(folder: Path) -> list[int]:
    return [int(path.stem) for path in sorted(folder.iterdir())]


def test_the_newest_is_used_and_the_last_few_are_kept(tmp_path: Path) -> None:
    files = SnapshotFiles(tmp_path, keep=2)
    assert files.latest().snapshot is None
    for sequence in (1, 5, 9):
        taken = files.save(_snapshot(sequence))
    assert (taken.sequence, taken.digest) == (9, snapshot_digest(encode_snapshot(_snapshot(9))))
    assert files.latest().snapshot == _snapshot(9)
    assert _sequences(tmp_path) == [5, 9]
    assert [position.sequence for position in files.positions()] == [5, 9]


def test_a_corrupt_one_is_passed_over_and_named(tmp_path: Path) -> None:
    files = SnapshotFiles(tmp_path)
    for sequence in (1, 2, 3):
        files.save(_snapshot(sequence))
    newest = sorted(tmp_path.iterdir())[-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    sorted(tmp_path.iterdir())[1].write_bytes(b"junk")
    latest = files.latest()
    assert latest.snapshot == _snapshot(1)
    assert [int(skipped.path.stem) for skipped in latest.skipped] == [3, 2]
    assert str(latest.skipped[0]).startswith("skipped snapshot 0000000000000003.snapshot: ")
    assert [position.sequence for position in files.positions()] == [1]


def test_a_renamed_and_a_too_new_one_are_passed_over(tmp_path: Path) -> None:
    files = SnapshotFiles(tmp_path)
    files.save(_snapshot(4))
    (tmp_path / "0000000000000004.snapshot").rename(tmp_path / "0000000000000007.snapshot")
    files.save(_snapshot(3))
    files.save(_snapshot(6))
    latest = files.latest(not_after=JournalPosition(5, bytes(16)))
    assert latest.snapshot == _snapshot(3)
    assert "expected the snapshot of sequence 7, found 4" in latest.skipped[0].reason
    assert "the journal ends at 5" in latest.skipped[1].reason


def test_a_full_disk_leaves_the_older_ones(tiny_disk: Path) -> None:
    files = SnapshotFiles(tiny_disk, keep=1)
    files.save(_snapshot(1, 100_000))
    with pytest.raises(StorageUnavailable, match="No space left"):
        files.save(_snapshot(2, 250_000))
    assert _sequences(tiny_disk) == [1]
    assert files.latest().snapshot == _snapshot(1, 100_000)


def test_leftovers_of_a_crash_are_removed(tmp_path: Path) -> None:
    (tmp_path / "0000000000000001.snapshot.tmp").touch()
    SnapshotFiles(tmp_path).save(_snapshot(2))
    assert _sequences(tmp_path) == [2]


def test_bad_folders_and_counts_are_refused(read_only_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="cannot create the snapshot folder"):
        SnapshotFiles(read_only_folder / "snapshots")
    with pytest.raises(ConfigurationError, match="at least 1 snapshot, found 0"):
        SnapshotFiles(tmp_path, keep=0)
