"""`undertow gate` from the outside; on kept results see `test_report_command`."""

from pathlib import Path

import pytest

from undertow.cli.main import main


def test_help_names_what_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["gate", "--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    for word in ("CANDIDATE", "BASELINE", "--rules", "--json"):
        assert word in out


def test_a_candidate_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["gate"])
    assert stopped.value.code == 2
    assert "CANDIDATE" in capsys.readouterr().err


def test_a_file_that_is_no_result_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "backtest-result-x.zip"
    path.write_bytes(b"nothing of the kind")
    assert main(["gate", str(path)]) == 3
    assert "expected a backtest result" in capsys.readouterr().err
