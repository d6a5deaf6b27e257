"""`undertow hyperopt` from the outside: what is printed, what is kept, what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pytest
from tests.backtest.conftest import candles

from undertow.cli.main import main
from undertow.storage.trial_ledger import TrialLedger

STRATEGY = """
from undertow import Side, Sma, Strategy
from undertow.domain.parameter import integer

class Cross(Strategy):
    timeframe: str = "1h"
    fast: int = integer(2, 6, default=3)
    slow: int = integer(8, 20, default=8, step=4, space="sell")

    def indicators(self):
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def on_bar(self, ctx, bar):
        if ctx["fast"] > ctx["slow"]:
            return ctx.enter(Side.BUY) if ctx.position is None else None
        return ctx.exit("down") if ctx.position else None
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command on 500 hourly candles with a strategy file; exit code and what was printed."""
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))
    (tmp_path / "mine.py").write_text(STRATEGY)
    path = tmp_path / "binance" / "ABC_USDT-1h.feather"
    path.parent.mkdir()
    columns = candles(500, 3_600)
    times = pa.array(columns.pop("date") // 10**6, pa.timestamp("ms", "UTC"))
    feather.write_feather(pa.table({"date": times, **columns}), path)

    def command(name: str, *words: str) -> tuple[int, str]:
        code = main(
            [name, "-s", f"{tmp_path / 'mine.py'}:Cross", "--data", str(path),
             "--research", "--stake-amount", "unlimited", *words]
        )  # fmt: skip
        found = capsys.readouterr()
        return code, found.out + found.err

    return command


def test_json_results_and_parameters_agree(run: Run, tmp_path: Path) -> None:
    code, out = run("hyperopt", "-e", "6", "--batch", "6", "--json", "--random-state", "4")
    assert code == 0
    told = json.loads(out)
    best = told["best"]
    assert len(told["rows"]) == 6
    assert best["loss"] == min(row["loss"] for row in told["rows"])
    kept = json.loads((tmp_path / "Cross.json").read_text())
    assert kept["params"] == {
        "buy": {"fast": best["params"]["fast"]},
        "sell": {"slow": best["params"]["slow"]},
    }
    lines = Path(told["kept"][0]).read_text().splitlines()
    assert [json.loads(line)["loss"] for line in lines] == [row["loss"] for row in told["rows"]]
    with TrialLedger(tmp_path / "home" / "trials.sqlite") as ledger:
        assert ledger.count() == told["trials"] == sum(r["repeats"] is None for r in told["rows"])
    # 500 hours from 2024-01-01 on: the last fifth begins with hour 400.
    assert "2024-01-17" in told["held_out"]
    assert "16:00" in told["held_out"]
    _, again = run("search", "-e", "6", "--batch", "6", "--json", "--random-state", "4")
    assert json.loads(again)["rows"] == told["rows"]


def test_the_table_warns_beside_the_best(run: Run, tmp_path: Path) -> None:
    where = tmp_path / "plots"
    code, out = run(
        "hyperopt", "-e", "4", "--spaces", "buy", "--loss", "only-profit", "--plots", str(where),
        "--disable-param-export", "--resume", str(tmp_path / "journal"),
    )  # fmt: skip
    assert code == 0
    assert "overfit: " in out
    assert "of this strategy here" in out
    assert "4 done" in out
    assert not (tmp_path / "Cross.json").exists()
    assert (where / "parallel_coordinates.html").stat().st_size > 1_000
    code, out = run(
        "hyperopt", "-e", "5", "--spaces", "buy", "--loss", "only-profit",
        "--disable-param-export", "--resume", str(tmp_path / "journal"),
    )  # fmt: skip
    assert code == 0
    assert "5 done" in out


def test_what_is_held_out_is_not_seen(run: Run) -> None:
    words = ("hyperopt", "-e", "3", "--spaces", "buy", "--json", "--random-state", "4")
    held = json.loads(run(*words)[1])
    whole = json.loads(run(*words, "--holdout", "0")[1])
    assert whole["held_out"] is None
    assert [row["params"] for row in whole["rows"]] == [row["params"] for row in held["rows"]]
    assert [row["loss"] for row in whole["rows"]] != [row["loss"] for row in held["rows"]]
    shown = [row["metrics"]["total_trades"] for row in held["rows"]]
    assert all(
        n < row["metrics"]["total_trades"] for n, row in zip(shown, whole["rows"], strict=True)
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--sampler", "tpee"), "did you mean"),
        (("--spaces", "stoploss"), r"expected spaces of cross \(buy, sell\)"),
        (("--loss", "sharp"), "expected a loss of sharpe"),
        (("--sampler", "gp"), "pip install torch"),
        (("--face", "signals"), "expected a strategy with signals"),
        (("--fills", "all"), "one preset of fills"),
    ],
)
def test_what_cannot_be_meant(run: Run, words: tuple[str, ...], message: str) -> None:
    import importlib.util
    import re

    if "gp" in words and importlib.util.find_spec("torch") is not None:
        pytest.skip("torch is installed here, so this sampler can be used")
    code, out = run("hyperopt", "-e", "2", *words)
    assert code == 2
    assert re.search(message, out)
