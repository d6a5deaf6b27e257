"""`undertow backtesting` from the outside: exit codes, JSON, what is kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pytest
from tests.backtest.conftest import candles

from undertow.backtest.result_archive import read_archive
from undertow.cli.main import main

STRATEGY = """
from undertow import Side, Sma, Strategy

class Cross(Strategy):
    def indicators(self):
        return {"fast": Sma(3), "slow": Sma(8)}

    def on_bar(self, ctx, bar):
        if ctx["fast"] > ctx["slow"]:
            return ctx.enter(Side.BUY) if ctx.position is None else None
        return ctx.exit("down") if ctx.position else None

class Broken(Cross):
    def on_bar(self, ctx, bar):
        raise RuntimeError("not today")
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on 300 candles with a strategy file; exit code and standard output."""
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))
    (tmp_path / "mine.py").write_text(STRATEGY)
    path = tmp_path / "binance" / "ABC_USDT-1m.feather"
    path.parent.mkdir()
    columns = candles()
    times = pa.array(columns.pop("date") // 10**6, pa.timestamp("ms", "UTC"))
    feather.write_feather(pa.table({"date": times, **columns}), path)

    def command(name: str, *words: str) -> tuple[int, str]:
        code = main(
            ["backtesting", "-s", f"{tmp_path / 'mine.py'}:{name}", "--data", str(path),
             "--research", "--stake-amount", "unlimited", *words]
        )  # fmt: skip
        return code, capsys.readouterr().out

    return command


def test_json_and_what_is_kept_agree(run: Run, tmp_path: Path) -> None:
    code, out = run("Cross", "--json", "--seed", "5")
    told = json.loads(out)
    kept = read_archive(tmp_path / "home" / "backtest_results")
    assert code == 0
    assert told["state_hash"] == kept.state_hash
    assert told["seed"] == kept.seed == 5
    assert told["fidelity"] == "bars"
    assert len(told["trades"]) == len(kept.trades) > 0
    assert told["events_per_s"] > 0
    assert "class Cross" in kept.strategy_sources["cross"]


def test_fills_side_by_side_in_processes_are_those_of_one(run: Run) -> None:
    _, alone = run("Cross", "--json", "--export", "none", "--fills", "base")
    code, out = run("Cross", "--json", "--export", "none", "--fills", "all", "-j", "2")
    told = json.loads(out)
    assert code == 0
    assert list(told) == ["pessimistic", "base", "optimistic"]
    assert told["base"]["state_hash"] == json.loads(alone)["state_hash"]


def test_a_strategy_that_raises_has_its_own_exit_code_and_a_partial_result(
    run: Run, tmp_path: Path
) -> None:
    code, out = run("Broken", "--export", "signals", str(tmp_path / "kept"))
    assert code == 6
    assert "not today" in out
    assert "mine.py:15" in out
    assert read_archive(tmp_path / "kept").failures


def test_a_result_can_be_kept_under_a_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "mine.zip"
    assert run("Cross", "--json", "--export", str(path))[0] == 0
    assert read_archive(path).trades
    assert read_archive(path.parent).trades


def test_tables_are_for_people(run: Run) -> None:
    code, out = run("Cross", "--export", "none", "--breakdown", "day", "--fills", "all")
    assert code == 0
    assert "under other fills" in out
    assert "by day" in out


def test_a_class_is_found_in_a_folder_of_strategies(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = next((tmp_path / "binance").glob("*.feather"))
    words = ["backtest", "-s", "Cross", "--strategy-path", str(tmp_path), "--data", str(data)]
    assert main([*words, "--export", "none", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["strategies"] == ["cross"]
    words[2] = "Nobody"
    assert main([*words, "--export", "none"]) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--fee", "much"), 2, "--fee as a share"),
        (("--fills", "rosy"), 2, "--fills of pessimistic"),
        (("--timerange", "20300101-"), 3, "found none"),
        (("-i", "7m"), 2, "timeframe"),
    ],
)
def test_wrong_words_have_a_line_and_a_code(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert run("Cross", "--export", "none", *words)[0] == code


def test_a_lost_worker_has_an_outcome(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from undertow.backtest import process_executor
    from undertow.backtest.executor import Outcome

    class Lost:
        def __init__(self, jobs: int) -> None:
            self.jobs = jobs

        def run(self, work: Any, shared: Any, items: Any) -> Any:
            yield Outcome(0, error="the worker died: out of memory", is_lost=True)

    monkeypatch.setattr(process_executor, "ProcessExecutor", Lost)
    assert run("Cross", "--export", "none", "--fills", "all", "-j", "2")[0] == 7


def test_help_lists_the_switches_that_users_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backtesting", "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for switch in ("--timerange", "--dry-run-wallet", "--breakdown", "--export", "--strategy-path"):
        assert switch in out
