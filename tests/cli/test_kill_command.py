import json
from pathlib import Path

import pytest

from undertow.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_engage_writes_the_file_and_release_removes_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kill", "--reason", "drill", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kill_switch"] == "engaged"
    assert (home / "kill.switch").read_text() == "drill\n"
    assert main(["kill", "--release"]) == 0
    assert not (home / "kill.switch").exists()
    assert main(["kill", "--release"]) == 0


def test_an_unwritable_home_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("a file where a folder belongs")
    assert main(["kill"]) == 3
    assert "expected a writable" in capsys.readouterr().err
