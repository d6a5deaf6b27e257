"""Every example runs and says what it promises; so does the strategy of the first screen."""

import json
import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from undertow.cli.main import main

SMALL = """
market: {{assets: [BTC, ETH], venues: [aster]}}
run: {{warm_up_s: 960, speed: max}}
strategies: [{{name: "{path}:{kind}", parameters: {parameters}}}]
"""
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "examples"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a strategy of a file on a small market, as `undertow run` would."""
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))

    def paper(path: Path, kind: str, time: str, **parameters: object) -> dict[str, Any]:
        config = tmp_path / "small.yaml"
        config.write_text(SMALL.format(path=path, kind=kind, parameters=json.dumps(parameters)))
        assert main(["run", "-c", str(config), "--for", time, "--json"]) == 0
        summary: dict[str, Any] = json.loads(capsys.readouterr().out)
        return summary

    return paper


def _script(path: Path, monkeypatch: pytest.MonkeyPatch, *argv: object) -> None:
    monkeypatch.setattr(sys, "argv", [str(path), *map(str, argv)])
    runpy.run_path(str(path), run_name="__main__")


def test_the_engine_is_a_library(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _script(folder / "follow_the_flow.py", monkeypatch)
    *trades, last = capsys.readouterr().out.splitlines()
    assert last.startswith(f"{len(trades)} trades, equity ")
    assert len(trades) > 0


def test_a_strategy_in_a_file_trades_and_its_journal_can_be_read(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = run(folder / "breakout.py", "Breakout", "8m", bars=3)
    assert summary["trades"] > 0
    _script(folder / "read_a_journal.py", monkeypatch, summary["journal"])
    first, *_, ended, kinds, filled = capsys.readouterr().out.splitlines()
    assert first == "run 1: seed 7, breakout"
    assert ended.endswith(summary["state_hash"])
    assert " market" in kinds
    assert filled.startswith("entries were filled ")


def test_a_backtest_is_worst_under_pessimistic_fills(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _script(folder / "backtest_a_cross.py", monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["pessimistic", "base", "optimistic"]
    finals = [float(line.rpartition(" ")[2]) for line in lines]
    assert finals == sorted(finals)


def test_the_strategy_of_the_first_screen_runs(root: Path, tmp_path: Path, run: Run) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", (root / "README.md").read_text(), re.M | re.S)
    path = tmp_path / "my_strategy.py"
    path.write_text(block)
    summary = run(path, "EmaCross", "10m", fast=2, slow=4)
    assert list(summary["funnel"]) == ["ema_cross"]
    assert summary["signals"] > 0
    assert summary["ledger_balanced"] is True


def test_every_example_is_tested(folder: Path) -> None:
    names = {path.name for path in folder.glob("*.py")}
    assert names == {
        "backtest_a_cross.py",
        "breakout.py",
        "follow_the_flow.py",
        "read_a_journal.py",
    }
