import json
from pathlib import Path
from typing import Any

import pytest

from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.cli.commands.study_command import circumstances

ARGS = ("study", "detectors", "--days", "2", "--hours", "0.35", "--jobs", "1")


def test_a_short_study_writes_its_page_and_goes_on_where_it_was(
    command: Any, tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "page.md"
    first = command(*ARGS, "--out", tmp_path / "days", "--page", page, "--json")
    assert first.code == 0
    assert first.err.splitlines()[-1].endswith("13 of 13 days")
    names = [one["name"] for one in first.json["study"]["detectors"]]
    assert names == list(DETECTORS)
    assert first.json["study"]["days"] == 2
    again = command(*ARGS, "--out", tmp_path / "days", "--page", page)
    assert again.err.splitlines() == ["13 of 13 days"]
    assert "written" in again.out
    assert page.read_text().startswith("# Detection study")
    told = json.loads(page.with_suffix(".json").read_bytes())
    assert told["study"] == first.json["study"]


def test_without_time_it_reports_what_is_there(command: Any, tmp_path: Path) -> None:
    answer = command(*ARGS, "--minutes", "0", "--json", "--out", tmp_path)
    assert answer.code == 0
    assert answer.json["study"]["days"] == 0


def test_wrong_numbers_are_told(command: Any) -> None:
    answer = command("study", "detectors", "--days", "1")
    assert answer.code == 2
    assert "expected 2 days or more" in answer.err


def test_a_wrong_subject_gets_a_hint(command: Any) -> None:
    with pytest.raises(SystemExit):
        command("study", "detector")


def test_circumstances_name_the_machine_and_the_day() -> None:
    where = circumstances()
    assert "cores" in where.machine
    assert len(where.date) == 10
