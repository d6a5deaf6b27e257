import errno
import os
from pathlib import Path

import pytest

from undertow.domain.errors import StorageUnavailable
from undertow.storage.disk_refusal import refusals, storage_unavailable


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free space"),
        (errno.EROFS, "mount its file system writable"),
        (errno.EACCES, "the right to write"),
        (errno.EIO, "check it before trusting"),
        (errno.EINTR, "check the disk and its mount"),
    ],
)
def test_says_what_was_tried_why_it_failed_and_what_to_do(number: int, advice: str) -> None:
    error = storage_unavailable("write", Path("/x/y"), OSError(number, os.strerror(number)))
    assert str(error).startswith(f"cannot write /x/y: {os.strerror(number)}; ")
    assert advice in str(error)


def test_an_error_without_a_number() -> None:
    assert "cannot open f: OSError;" in str(storage_unavailable("open", Path("f"), OSError()))


def test_only_refusals_of_the_system_are_turned(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="cannot read"), refusals("read", tmp_path):
        (tmp_path / "gone").read_bytes()
    with pytest.raises(KeyError), refusals("read", tmp_path):
        raise KeyError
