import json
from typing import Any

import pytest

from undertow.cli.main import main


def test_the_newest_journal_of_the_home_is_asked(
    small_run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNDERTOW_HOME", str(small_run.home))
    assert main(["why", "last-exit"]) == 0
    shown = capsys.readouterr().out
    assert "Why: the position had to be closed: EngageKillSwitch: enough" in shown


def test_json_is_the_whole_story(small_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "ut1-o1", "--journal", str(small_run.journal), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["journal"] == str(small_run.journal)
    assert told["order"]["client_order_id"] == "ut1-o1"
    assert told["position"]["pnl"] == "-5.3788046"


def test_an_unknown_order_gets_a_suggestion(
    small_run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", "ut1-o77", "--journal", str(small_run.journal)]) == 2
    assert "did you mean 'ut1-o7'?" in capsys.readouterr().err
