import json
from pathlib import Path

import pytest

from undertow.cli.main import main


def test_every_value_says_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("engine: {limits: {max_positions: 3}}\n")
    monkeypatch.setenv("UNDERTOW__RUN__SEED", "9")
    assert main(["show-config", "-c", str(path), "--json"]) == 0
    shown = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert shown["engine.limits.max_positions"]["from"] == str(path)
    assert shown["run.seed"] == {
        "key": "run.seed", "value": "9", "from": "environment UNDERTOW__RUN__SEED",
    }  # fmt: skip
    assert shown["run.mode"]["from"] == "default"


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show-config"]) == 0
    assert "run.mode" in capsys.readouterr().out


def test_a_typo_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("engine: {limts: {}}\n")
    assert main(["show-config", "-c", str(path)]) == 2
    assert "did you mean 'limits'" in capsys.readouterr().err
