"""`undertow run`: what it promises to programs, and how it ends."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

KEYS = (
    "inputs", "decisions", "signals", "refused", "orders", "fills", "trades", "ledger_balanced",
    "final_equity", "state_hash", "elapsed_s", "events_per_s",
)  # fmt: skip
UNTIMED = ("elapsed_s", "events_per_s", "startup_s", "journal", "run")

Command = Callable[..., Any]


def _facts(answer: Any) -> dict[str, Any]:
    return {key: value for key, value in answer.json.items() if key not in UNTIMED}


def test_the_summary_has_the_promised_keys(finished: tuple[Path, Any]) -> None:
    _, answer = finished
    assert (answer.code, answer.err) == (0, "")
    summary = answer.json
    assert set(KEYS) <= set(summary)
    assert summary["trades"] == summary["long_trades"] + summary["short_trades"] > 5
    assert min(summary["long_trades"], summary["short_trades"]) > 0
    assert summary["ledger_balanced"] is True
    assert summary["interrupted"] is False
    assert (summary["seed"], summary["run"]) == (7, 1)
    assert summary["inputs"] > 1_000
    assert summary["events_per_s"] > 0
    assert list(summary["funnel"]) == ["flipper"]
    assert Path(summary["journal"]).is_dir()


def test_the_same_seed_gives_the_same_in_another_home(
    command: Command, trading: list[object], finished: tuple[Path, Any]
) -> None:
    again = command(*trading, "--for", "60s", "--seed", 7, "--json")
    assert _facts(again) == _facts(finished[1])


def test_another_seed_gives_another_market(
    command: Command, trading: list[object], finished: tuple[Path, Any]
) -> None:
    other = command(*trading, "--for", "20s", "--seed", 8, "--json")
    assert other.json["state_hash"] != finished[1].json["state_hash"]
    assert other.json["seed"] == 8


def test_a_second_call_goes_on_where_the_first_ended(
    command: Command, trading: list[object], finished: tuple[Path, Any]
) -> None:
    first = command(*trading, "--for", "25s", "--seed", 7, "--json").json
    second = command(*trading, "--for", "35s", "--seed", 7, "--json").json
    whole = finished[1].json
    for key in ("inputs", "orders", "fills", "trades", "final_equity", "refused"):
        assert second[key] == whole[key]
    assert (first["run"], second["run"]) == (1, 2)
    assert any("resumed" in note for note in second["notes"])


def test_the_rate_is_of_this_run_alone(command: Command, trading: list[object]) -> None:
    first = command(*trading, "--for", "30s", "--json").json
    second = command(*trading, "--for", "1s", "--json").json
    rows = second["inputs"] - first["inputs"]
    assert second["events_per_s"] <= (rows + 1) / second["elapsed_s"] * 1.1 + 100


def test_fresh_starts_anew_and_keeps_the_old(command: Command, trading: list[object]) -> None:
    first = command(*trading, "--for", "10s", "--json").json
    fresh = command(*trading, "--for", "10s", "--fresh", "--json").json
    assert fresh["inputs"] == first["inputs"]
    assert fresh["notes"] == []
    assert fresh["run"] == 2
    assert len(list(Path(fresh["journal"]).parent.iterdir())) == 2


def test_another_configuration_is_another_session(command: Command, trading: list[object]) -> None:
    journals = {
        command(*trading, "--for", "1s", "--seed", seed, "--json").json["journal"]
        for seed in (7, 8, 7)
    }
    assert len(journals) == 2


def test_speed_and_logs_do_not_make_another_session(
    command: Command, trading: list[object]
) -> None:
    first = command(*trading, "--for", "1s", "--json").json
    second = command(*trading[:-1], "1000", "--for", "1s", "--json").json
    assert second["journal"] == first["journal"]
    assert second["run"] == 2


def test_people_get_a_table(command: Command, trading: list[object]) -> None:
    answer = command(*trading, "--for", "2s")
    assert answer.code == 0
    for word in ("final_equity", "state_hash", "ledger_balanced", "True"):
        assert word in answer.out


def test_the_switches_win_over_environment_and_files(
    command: Command, trading: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERTOW__RUN__SEED", "9")
    monkeypatch.setenv("UNDERTOW__RUN__SPEED", "2000")
    assert command(*trading, "--for", "1s", "--json").json["seed"] == 9
    assert command(*trading, "--for", "1s", "--seed", 10, "--json").json["seed"] == 10


def test_it_runs_without_a_warm_up(command: Command, trading: list[object]) -> None:
    assert command(*trading, "--warm-up", 0, "--for", "5s", "--json").json["inputs"] > 100


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--speed", "fast"], "expected a speed above 0 or \"max\", found 'fast'"),
        (["--speed", "-1"], "expected a speed above 0"),
        (["--for", "soon"], "expected a length of time such as 60s"),
        (["--for", "0s"], "expected a length of time"),
        (["--seed", "-1"], "expected seed of at least 0, found -1"),
        (["--warm-up", "-5"], "expected warm_up_s of at least 0, found -5"),
        (["-s", "ema_cros"], "did you mean 'ema_cross'"),
        (["-s", "scalper:nothing"], "expected a preset of scalper, found 'nothing'"),
        (["-s", "nowhere.py:Thing"], "expected a strategy file, found nothing at nowhere.py"),
        (["-c", "nowhere.yaml"], "expected a readable configuration file, found nowhere.yaml"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    command: Command, trading: list[object], argv: list[str], words: str, tmp_path: Path
) -> None:
    answer = command(*trading, "--for", "1s", *argv)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("run: {sped: 5}", "unknown key 'run.sped'; did you mean 'speed'"),
        ("markt: {}", "unknown key 'markt'; did you mean 'market'"),
        ("market: {assets: [BTX]}", "BTX"),
        ("market: {venues: [astre]}", "did you mean 'aster'"),
        ("engine: {limits: {max_positions: many}}", "engine.limits.max_positions"),
        ("engine: {review_every_s: 0}", "review_every_s of at least 1"),
        ("journal: {checkpoint_every_s: -1}", "checkpoint_every_s of at least 1, found -1"),
        ("journal: {segment_mib: 0}", "segment_mib of at least 1, found 0"),
        ("journal: {keep_snapshots: 0}", "keep_snapshots of at least 1, found 0"),
        ("run: {mode: live}", "expected mode paper, found 'live'"),
        ("strategies: [{name: scalper}, {name: scalper}]", "give one of them a label"),
        ("strategies: [{name: ema_cross, parameters: {fats: 3}}]", "did you mean 'fast'"),
        ("run: [", "expected YAML"),
    ],
)
def test_a_wrong_configuration_is_named(
    command: Command, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "wrong.yaml").write_text(text)
    answer = command("run", "-c", tmp_path / "wrong.yaml", "--headless", "--for", "1s")
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert answer.err.count("\n") == 1


def test_a_home_that_cannot_be_written_is_said(
    command: Command, trading: list[object], tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where a folder belongs")
    answer = command(*trading, "--for", "1s")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("undertow: expected ")


def test_a_strategy_that_was_changed_is_said(
    command: Command, trading: list[object], files: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text((files / "flipper.py").read_text())
    argv = [f"{mine}:Flipper" if word == trading[4] else word for word in trading]
    assert command(*argv, "--for", "40s").code == 0
    snapshots = tmp_path / "home" / "snapshots"
    for path in snapshots.rglob("*.snapshot"):
        path.unlink()  # so that the journal is applied from its beginning
    mine.write_text(mine.read_text().replace("% self.hold_s == 3", "% self.hold_s == 4"))
    answer = command(*argv, "--for", "5s")
    assert answer.code == 5
    assert "was Undertow, a strategy's file or the configuration changed?" in answer.err
    assert command(*argv, "--for", "5s", "--fresh").code == 0


# Ends that come from outside, to a process of its own.


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "UNDERTOW_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@contextmanager
def _process(home: Path, root: Path, argv: list[object]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "undertow", *map(str, argv)],
        env=_environment(home), cwd=root / "src", text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _journal(home: Path) -> Path:
    return next((home / "journal").iterdir())


def _wait_for_journal(process: subprocess.Popen[str], home: Path, size: int) -> None:
    """Wait until the run's journal has at least so many bytes."""
    for _ in range(6_000):
        if sum(path.stat().st_size for path in home.glob("journal/*/*.journal")) >= size:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    raise AssertionError(f"expected a journal of {size} bytes below {home}")


def _is_identical(command: Command, home: Path) -> bool:
    answer = command("replay", "--journal", _journal(home), "--json")
    return answer.code == 0 and answer.json["identical"] is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_seconds_with_130_and_it_resumes(
    command: Command, trading: list[object], tmp_path: Path, root: Path, number: signal.Signals
) -> None:
    home = tmp_path / "home"
    with _process(home, root, [*trading, "--json"]) as process:
        _wait_for_journal(process, home, 300_000)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")
    summary = json.loads(out)
    assert summary["interrupted"] is True
    assert _is_identical(command, home)
    resumed = command(*trading, "--for", "5s", "--json").json
    assert resumed["inputs"] > summary["inputs"]
    assert "0 frames applied again" not in resumed["notes"][0]
    assert _is_identical(command, home)


def test_a_signal_while_it_warms_up_leaves_nothing_half_done(
    command: Command, trading: list[object], tmp_path: Path, root: Path
) -> None:
    home = tmp_path / "home"
    with _process(home, root, [*trading, "--warm-up", 10**6]) as process:
        while not (home / "state" / "run_number").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")
    assert list(_journal(home).glob("*.journal")) == []


def test_the_kill_signal_while_it_warms_up_engages_the_switch(
    trading: list[object], tmp_path: Path, root: Path, command: Command
) -> None:
    home = tmp_path / "home"
    argv = [*trading, "--warm-up", 3_000, "--for", "60s", "--json"]
    with _process(home, root, argv) as process:
        while not (home / "state" / "run_number").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        process.send_signal(signal.SIGUSR1)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert (home / "kill.switch").read_text() == "SIGUSR1\n"
    assert json.loads(out)["open_positions"] == 0
    assert json.loads(out)["refused"]["kill_switch"] > 0
    assert _is_identical(command, home)


def _kill_often(
    command: Command, trading: list[object], home: Path, root: Path, seeds: range
) -> None:
    size = 300_000
    for seed in seeds:
        with _process(home, root, [*trading, "--fresh"] if seed % 10 == 9 else trading) as process:
            if seed % 10 == 9:
                size = 300_000
            size += random.Random(seed).randrange(400_000)
            _wait_for_journal(process, home, size)
            process.kill()
        assert _is_identical(command, home)
        size = sum(path.stat().st_size for path in _journal(home).glob("*.journal"))
    answer = command(*trading, "--for", "5s", "--json")
    assert answer.code == 0
    assert answer.json["ledger_balanced"] is True
    assert _is_identical(command, home)


def test_killed_at_random_moments_it_resumes_and_every_journal_reruns(
    command: Command, trading: list[object], tmp_path: Path, root: Path
) -> None:
    _kill_often(command, trading, tmp_path / "home", root, range(3))


@pytest.mark.soak
def test_killed_fifty_times(
    command: Command, trading: list[object], tmp_path: Path, root: Path
) -> None:
    _kill_often(command, trading, tmp_path / "home", root, range(50))
