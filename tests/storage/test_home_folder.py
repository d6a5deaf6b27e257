from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.storage.home_folder import HomeFolder


def test_modes_share_only_run_number_and_data(tmp_path: Path) -> None:
    paper, live = HomeFolder(tmp_path, "paper"), HomeFolder(tmp_path, "live")
    for own in ("journal", "snapshots", "state"):
        assert getattr(paper, own) != getattr(live, own)
    for shared in ("run_number", "data", "logs"):
        assert getattr(paper, shared) == getattr(live, shared)


def test_creating_makes_every_folder_and_can_be_repeated(tmp_path: Path) -> None:
    home = HomeFolder(tmp_path / "user_data", "paper")
    home.create()
    home.create()
    for folder in (home.journal, home.snapshots, home.state.parent, home.data, home.logs):
        assert list(folder.iterdir()) == []


def test_folders_that_cannot_be_written_are_refused(
    tmp_path: Path, read_only_folder: Path, tiny_disk: Path
) -> None:
    with pytest.raises(StorageUnavailable, match=r"cannot create the folder .*/journal/paper"):
        HomeFolder(read_only_folder / "home", "paper").create()
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="a file is in the way"):
        HomeFolder(tmp_path / "file", "paper").create()
    with pytest.raises(OSError, match="No space"):
        (tiny_disk / "filler").write_bytes(bytes(300_000))
    with pytest.raises(StorageUnavailable, match="free space"):
        HomeFolder(tiny_disk, "paper").create()


def test_a_mode_is_a_plain_word() -> None:
    with pytest.raises(ConfigurationError, match=r"found '\.\./x'"):
        HomeFolder(Path(), "../x")
