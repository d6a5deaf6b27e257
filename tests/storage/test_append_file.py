import errno
import os
from pathlib import Path

import pytest

from undertow.storage.append_file import Appendable, AppendFile


def test_appends_syncs_and_cuts(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    file: Appendable = AppendFile(path)
    assert file.size == 3
    file.write(b"defg")
    file.sync()
    file.truncate(5)
    file.write(bytearray(b"h"))
    file.close()
    assert path.read_bytes() == b"abcdeh"


def test_a_disk_that_takes_little_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").touch()
    file = AppendFile(tmp_path / "f")
    real_write = os.write
    monkeypatch.setattr(os, "write", lambda d, data: real_write(d, data[:3]))
    file.write(b"0123456789")
    assert file.size == 10
    file.close()
    assert (tmp_path / "f").read_bytes() == b"0123456789"


def test_a_full_device_raises() -> None:
    file = AppendFile(Path("/dev/full"))
    with pytest.raises(OSError, match="No space left") as refused:
        file.write(b"x")
    assert refused.value.errno == errno.ENOSPC
    assert file.size == 0
    file.close()
