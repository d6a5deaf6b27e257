import json
from pathlib import Path

import pytest

from undertow.cli import machine_checks
from undertow.cli.machine_checks import Finding, Status
from undertow.cli.main import main


def test_this_machine_is_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_fit"]
    names = [check["name"] for check in told["checks"]]
    assert {"python", "packages", "disk", "clock", "kill switch", "journal"} <= set(names)


def test_a_failure_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = Finding("disk", Status.FAIL, "0.1 GiB free", "free some [space]", 3)
    monkeypatch.setattr(machine_checks, "findings", lambda _: [bad])
    assert main(["doctor"]) == 3
    shown = capsys.readouterr().out
    assert "free some [space]" in shown
    assert "not fit for a run" in shown
