import sqlite3
from pathlib import Path

import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.storage.database_errors import database_errors


def test_the_disk_and_the_file_are_told_apart() -> None:
    with pytest.raises(StorageUnavailable, match="sqlite refuses: database or disk is full"):
        _raise(sqlite3.OperationalError("database or disk is full"))
    with pytest.raises(DataError, match="is no sound state database: malformed"):
        _raise(sqlite3.DatabaseError("malformed"))
    with pytest.raises(ValueError, match="ours"):
        _raise(ValueError("ours"))


def _raise(error: Exception) -> None:
    with database_errors(Path("s.sqlite")):
        raise error
