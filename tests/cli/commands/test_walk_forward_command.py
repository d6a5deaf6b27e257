"""`undertow walk-forward` from the outside."""

import json
from pathlib import Path

from tests.cli.commands.test_hyperopt_command import Run, run

from undertow.storage.trial_ledger import TrialLedger

__all__ = ["run"]


def test_windows_and_the_stitched_run(run: Run, tmp_path: Path) -> None:
    words = ("-e", "3", "--batch", "3", "--train-days", "8", "--test-days", "6", "--spaces", "buy")
    code, out = run("walk-forward", *words, "--json")
    assert code == 0
    told = json.loads(out)
    windows = told["windows"]
    assert len(windows) == 3  # tests of 6, 6 and the rest of 20.8 days
    assert [one["test_start"] for one in windows[1:]] == [one["test_stop"] for one in windows[:-1]]
    whole = told["out_of_sample"]
    assert len(whole["trades"]) == sum(one["trades_out"] for one in windows)
    assert whole["starting_balance"] == 10_000
    with TrialLedger(tmp_path / "home" / "trials.sqlite") as ledger:
        assert ledger.count() == told["tries"] + 1
    code, out = run("walk-forward", *words, "--anchored")
    assert code == 0
    assert "efficiency" in out
    assert "3 windows" in out


def test_no_room_for_a_window(run: Run) -> None:
    code, out = run("walk-forward", "--train-days", "100", "-e", "2")
    assert code == 2
    assert "expected room for train" in out
