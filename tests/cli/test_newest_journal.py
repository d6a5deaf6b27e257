import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from undertow.cli.newest_journal import find_journal, journals, newest_journal
from undertow.domain.errors import DataError


def test_the_one_written_last_is_the_newest(small_run: Any, tmp_path: Path) -> None:
    for place, name in enumerate(("new", "old")):
        folder = tmp_path / "journal" / name
        shutil.copytree(small_run.journal, folder)
        os.utime(folder / "00000001.journal", ns=(1, 9 - place))
    assert [folder.name for folder in journals(tmp_path)] == ["old", "new"]
    assert find_journal(None, tmp_path).name == "new"


def test_a_named_folder_or_the_one_that_holds_it(small_run: Any, tmp_path: Path) -> None:
    assert find_journal(str(small_run.journal), tmp_path) == small_run.journal
    shutil.copytree(small_run.journal, tmp_path / "journal")
    assert find_journal(str(tmp_path), tmp_path) == tmp_path / "journal"


def test_nothing_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="make one with `undertow run`"):
        newest_journal(tmp_path)
    with pytest.raises(DataError, match="found nothing at"):
        find_journal(str(tmp_path / "gone"), tmp_path)
    with pytest.raises(DataError, match="expected a folder of journal segments"):
        find_journal(str(tmp_path), tmp_path)
