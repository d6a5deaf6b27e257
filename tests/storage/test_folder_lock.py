import os
import subprocess
import sys
from pathlib import Path

import pytest

from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.storage.folder_lock import FolderLock

HOLD = """
import sys; from pathlib import Path; from undertow.storage.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1])); print("held", flush=True); sys.stdin.read()
"""


def test_only_one_at_a_time(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with pytest.raises(ConfigurationError, match=f"found process {os.getpid()} doing so"):
        FolderLock(tmp_path)
    lock.release()
    FolderLock(tmp_path).release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConfigurationError, match=f"found process {holder.pid} doing so"):
            FolderLock(tmp_path)
        holder.kill()
    FolderLock(tmp_path).release()


def test_a_read_only_folder_is_refused(read_only_folder: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"cannot create the lock .*choose another home"):
        FolderLock(read_only_folder)
