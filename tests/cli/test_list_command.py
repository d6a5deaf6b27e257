import json

import pytest

from undertow.cli.commands.list_command import WHAT
from undertow.cli.main import main
from undertow.indicators.registry import INDICATORS


@pytest.mark.parametrize("what", WHAT)
def test_lists_are_json_and_tables(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", what, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row["name"] for row in rows)
    assert main(["list", what]) == 0
    assert what in capsys.readouterr().out


def test_indicators_are_all_there_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "indicators", "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(INDICATORS)
    assert all(row["about"] and row["source"] for row in rows)


def test_strategies_tell_their_presets(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "strategies", "--json"])
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert "embedded" in rows["scalper"]["presets"]


def test_an_unknown_list_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["list", "stratgies"])
    assert stopped.value.code == 2
