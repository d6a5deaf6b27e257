from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def _rows(answer: Any) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in answer.json}


def test_each_value_is_shown_with_where_it_comes_from(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text("run: {seed: 3, warm_up_s: 10}\nmarket: {assets: [BTC]}\n")
    second.write_text("run: {seed: 4}\n")
    monkeypatch.setenv("UNDERTOW__LOGS__LEVEL", "debug")
    rows = _rows(command("show-config", "-c", first, "-c", second, "--json"))
    shown = {key: (row["value"], row["from"]) for key, row in rows.items()}
    assert shown["run.seed"] == ("4", str(second))
    assert shown["run.warm_up_s"] == ("10", str(first))
    assert shown["market.assets"] == ('["BTC"]', str(first))
    assert shown["logs.level"] == ('"debug"', "environment UNDERTOW__LOGS__LEVEL")
    assert shown["run.mode"] == ('"paper"', "default")


def test_every_section_is_there(command: Command) -> None:
    sections = {key.partition(".")[0] for key in _rows(command("show-config", "--json"))}
    names = {"run", "strategies", "engine", "market", "exchange", "backtest", "journal", "logs"}
    assert sections == names


def test_nothing_is_made_by_looking(command: Command, tmp_path: Path) -> None:
    assert command("show-config").code == 0
    assert not (tmp_path / "home").exists()


def test_what_does_not_hold_together_is_an_error(command: Command, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("engine: {flow: {latenes_s: 1}}")
    answer = command("show-config", "-c", tmp_path / "wrong.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert "engine.flow.latenes_s" in answer.err
    assert "did you mean 'lateness" in answer.err


def test_variables_of_the_environment_are_put_in(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("run: {seed: '${MY_SEED}'}")
    assert command("show-config", "-c", tmp_path / "a.yaml").code == 2
    monkeypatch.setenv("MY_SEED", "77")
    rows = _rows(command("show-config", "-c", tmp_path / "a.yaml", "--json"))
    assert rows["run.seed"]["value"] == "77"
