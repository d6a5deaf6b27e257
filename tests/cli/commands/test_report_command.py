"""`undertow report` and `undertow gate` on results that were really made and kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pytest
from tests.backtest.conftest import candles

from undertow.cli.main import main

STRATEGY = """
from undertow import Side, Sma, Strategy

class Cross(Strategy):
    fast: int = 3

    def indicators(self):
        return {"fast": Sma(self.fast), "slow": Sma(8)}

    def on_bar(self, ctx, bar):
        if ctx["fast"] > ctx["slow"]:
            return ctx.enter(Side.BUY) if ctx.position is None else None
        return ctx.exit("down") if ctx.position else None
"""
Told = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two kept results, in folders of their own."""
    home = tmp_path_factory.mktemp("home")
    (home / "mine.py").write_text(STRATEGY)
    path = home / "binance" / "ABC_USDT-1m.feather"
    path.parent.mkdir()
    columns = candles()
    times = pa.array(columns.pop("date") // 10**6, pa.timestamp("ms", "UTC"))
    feather.write_feather(pa.table({"date": times, **columns}), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERTOW_HOME", str(home))
        for name in ("a", "b"):
            code = main(
                ["backtesting", "-s", f"{home / 'mine.py'}:Cross", "--data", str(path),
                 "--research", "--stake-amount", "unlimited", "--json",
                 "--seed", {"a": "5", "b": "6"}[name], "--export", "trades", str(home / name)]
            )  # fmt: skip
            assert code == 0
    return home


@pytest.fixture
def told(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """A command's exit code and what it printed."""
    monkeypatch.setenv("UNDERTOW_HOME", str(home))

    def command(*words: str) -> tuple[int, str]:
        code = main(list(words))
        found = capsys.readouterr()
        return code, found.out + found.err

    return command


def test_a_kept_result_is_told_with_its_tries_and_its_looks(told: Told, home: Path) -> None:
    code, out = told("report", str(home / "a"), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["bias"]["findings"] == []
    assert sum(found["bias"]["looks"].values()) > 3
    assert found["trials"]["tries"] == 1
    assert json.loads(told("report", str(home / "b"), "--json")[1])["trials"]["tries"] == 2
    assert found["state_hash"]


def test_words_stand_above_the_tables(told: Told, home: Path) -> None:
    code, out = told("report", str(home / "a"))
    assert code == 0
    assert out.startswith("no look-ahead was found in ")
    assert "sharpe" in out


def test_two_results_are_compared(told: Told, home: Path) -> None:
    code, out = told("report", str(home / "a"), str(home / "b"))
    assert code == 0
    assert "side by side" in out
    assert "30 are needed to compare" in out
    found = json.loads(told("report", str(home / "a"), str(home / "b"), "--json")[1])
    assert len(found["rows"]["total_return"]) == 2
    assert found["difference"]["difference"] is None


def test_a_page_and_images_are_written(told: Told, home: Path, tmp_path: Path) -> None:
    page, images = tmp_path / "r.html", tmp_path / "png"
    code, out = told("report", str(home / "a"), "--html", str(page), "--png", str(images))
    assert code == 0
    assert "no look-ahead was found" in page.read_text("utf-8")
    assert {path.stem for path in images.glob("*.png")} >= {"equity", "trades"}
    assert f"written: {page}" in out


def test_the_gate_says_why_it_stays_closed(told: Told, home: Path) -> None:
    code, out = told("gate", str(home / "a"), "--json")
    found = json.loads(out)
    assert code == 8
    assert not found["passed"]
    failed = {check["name"] for check in found["checks"] if not check["passed"]}
    assert {"days", "deflated_sharpe"} <= failed
    assert "bias" not in failed
    assert "random_entries" in failed  # a walk at random: no moment was better than another
    assert told("gate", str(home / "a"), str(home / "b"))[0] == 8


def test_the_gate_opens_for_what_meets_its_demands(told: Told, home: Path, tmp_path: Path) -> None:
    rules = tmp_path / "gate.yaml"
    rules.write_text(
        "deflated_sharpe: 0\ndays: 0\ntrades: 1\nprofit_factor: 0\nwin_rate: 0\nsharpe: 0\n"
        "max_drawdown: 1\nmax_random_p: 0\n"
    )
    code, out = told("gate", str(home / "a"), "--rules", str(rules))
    assert code == 0
    assert "the gate opens" in out


def test_unknown_demands_are_refused(told: Told, home: Path, tmp_path: Path) -> None:
    rules = tmp_path / "gate.yaml"
    rules.write_text("sharp: 2\n")
    code, out = told("gate", str(home / "a"), "--rules", str(rules))
    assert code == 2
    assert "sharp" in out


def test_no_result_is_told(told: Told, tmp_path: Path) -> None:
    assert told("report", str(tmp_path))[0] == 3
    assert told("gate", str(tmp_path))[0] == 3
