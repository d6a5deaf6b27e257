import json
from pathlib import Path

import pytest

from undertow.cli.backtesting.kept_result import archive_at
from undertow.domain.errors import DataError


def test_an_archive_is_itself_and_a_folder_its_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backtest_results"
    folder.mkdir()
    archive = folder / "backtest-result-1.zip"
    archive.write_bytes(b"")
    (folder / ".last_result.json").write_text(json.dumps({"latest_backtest": archive.name}))
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path))
    assert archive_at(archive) == archive_at(folder) == archive_at(None) == archive


def test_no_result_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="`undertow backtesting` makes one"):
        archive_at(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_broken_pointer_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / ".last_result.json").write_text(text)
    with pytest.raises(DataError, match="expected the name of the newest result"):
        archive_at(tmp_path)
