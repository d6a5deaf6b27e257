from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.live.put_aside import put_aside
from undertow.storage.folder_lock import FolderLock
from undertow.storage.home_folder import HomeFolder
from undertow.storage.run_number import RunNumber


@pytest.fixture
def home(tmp_path: Path) -> HomeFolder:
    home = HomeFolder(tmp_path, "paper_x")
    home.create()
    RunNumber(home.run_number).next_run()
    (home.journal / "00000001.journal").write_bytes(b"frames")
    (home.snapshots / "0000000000000001.snapshot").write_bytes(b"state")
    for side in ("", "-wal", "-shm"):
        home.state.with_name(home.state.name + side).write_bytes(side.encode())
    return home


def test_everything_is_renamed_and_nothing_deleted(home: HomeFolder) -> None:
    put_aside(home)
    aside = home.root / "journal" / "paper_x_until_run1"
    assert (aside / "00000001.journal").read_bytes() == b"frames"
    assert (home.root / "snapshots" / "paper_x_until_run1").is_dir()
    states = sorted(path.name for path in home.state.parent.glob("paper_x*"))
    assert states == [f"paper_x_until_run1.sqlite{side}" for side in ("", "-shm", "-wal")]
    assert list(home.snapshots.iterdir()) == []
    assert [path.name for path in home.journal.iterdir()] == []


def test_there_may_be_nothing_to_put_aside(tmp_path: Path) -> None:
    home = HomeFolder(tmp_path, "paper_x")
    home.create()
    put_aside(home)
    assert [path.name for path in (tmp_path / "journal").iterdir()] == ["paper_x"]


def test_a_session_that_runs_is_left_alone(home: HomeFolder) -> None:
    lock = FolderLock(home.journal)
    with pytest.raises(ConfigurationError, match="expected to be the only one"):
        put_aside(home)
    lock.release()
    assert (home.journal / "00000001.journal").exists()


def test_what_was_put_aside_before_is_never_written_over(home: HomeFolder) -> None:
    put_aside(home)
    (home.journal / "00000001.journal").write_bytes(b"other frames")
    with pytest.raises(ConfigurationError, match="until_run1, found one from an earlier start"):
        put_aside(home)
    assert (home.journal / "00000001.journal").read_bytes() == b"other frames"
