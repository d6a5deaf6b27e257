from pathlib import Path

import pytest

from undertow.domain.errors import StorageUnavailable
from undertow.storage.segment_files import (
    create_segment,
    remove_segments,
    segment_path,
    segment_paths,
)
from undertow.timeline.journal import SegmentHeader, decode_header

HEADER = SegmentHeader(2, 1, 1, 0, bytes(16))


def test_order_is_by_number_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in (
        "00000010.journal",
        "00000009.journal",
        "lock",
        "00000011.journal.tmp",
        "9.journal",
    ):
        (tmp_path / name).touch()
    assert segment_paths(tmp_path) == [
        (9, tmp_path / "00000009.journal"),
        (10, tmp_path / "00000010.journal"),
    ]


def test_a_new_segment_is_whole_or_absent(tmp_path: Path, tiny_disk: Path) -> None:
    path, data = create_segment(tmp_path, HEADER)
    assert path == segment_path(tmp_path, 2)
    assert decode_header(path.read_bytes()) == HEADER
    assert data == path.read_bytes()
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "filler").write_bytes(bytes(300_000))
    with pytest.raises(StorageUnavailable, match="free space"):
        create_segment(tiny_disk, HEADER)
    assert segment_paths(tiny_disk) == []


def test_unfinished_files_are_removed(tmp_path: Path) -> None:
    path, _ = create_segment(tmp_path, HEADER)
    leftover = tmp_path / "00000003.journal.tmp"
    leftover.touch()
    remove_segments(tmp_path, ())
    assert (path.exists(), leftover.exists()) == (True, False)
    remove_segments(tmp_path, (path,))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="cannot read the journal folder"):
        segment_paths(tmp_path / "gone")
