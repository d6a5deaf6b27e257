"""Turning SQLite's refusals into errors that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from undertow.domain.errors import DataError, StorageUnavailable


@contextmanager
def database_errors(
    path: Path,
    what: str = "state database",
    remedy: str = "move it away, a new one is made from the journal",
) -> Iterator[None]:
    """Raise the body's SQLite errors as `StorageUnavailable` (disk, rights, locks) or `DataError`
    (the file is not what it should be). what, remedy: the file in words, and what to do about it.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(
            f"the {what} {path} refuses: {error}; see that its disk has space, that it is "
            "writable, and that no other program holds it"
        ) from error
    except sqlite3.DatabaseError as error:
        raise DataError(f"{path} is no sound {what}: {error}; {remedy}") from error
