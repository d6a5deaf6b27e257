import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from undertow.domain.errors import StorageUnavailable
from undertow.storage.atomic_file import put_in_place, sync_folder, write_atomically


def test_replaces_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old content")
    write_atomically(path, [b"new", b" one"])
    assert path.read_bytes() == b"new one"
    assert [one.name for one in tmp_path.iterdir()] == ["f"]


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageUnavailable, match="free space"):
        write_atomically(path, pieces())
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["f"]


def test_everything_is_synced_before_and_after_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        steps.append("sync")
        real_sync(descriptor)

    def replace(source: Path, target: Path) -> None:
        steps.append("rename")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    write_atomically(tmp_path / "f", [b"x"])
    assert steps == ["sync", "rename", "sync"]


def test_a_full_and_a_read_only_disk_are_refused(tiny_disk: Path, read_only_folder: Path) -> None:
    (tiny_disk / "f").write_bytes(b"old")
    with pytest.raises(StorageUnavailable, match="No space left on device; free space"):
        write_atomically(tiny_disk / "f", [bytes(300_000)])
    assert [one.name for one in tiny_disk.iterdir()] == ["f"]
    assert (tiny_disk / "f").read_bytes() == b"old"
    with pytest.raises(StorageUnavailable, match="choose another home folder"):
        write_atomically(read_only_folder / "f", [b"x"])


def test_a_folder_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="the folder is gone"):
        write_atomically(tmp_path / "gone" / "f", [b"x"])
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "gone")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "a", tmp_path / "b")
