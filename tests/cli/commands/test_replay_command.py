"""`undertow replay`: recorded messages, and journals run again."""

import gzip
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from undertow.storage.journal_files import JournalReader, JournalWriter
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import RunStarted

Command = Callable[..., Any]
Files = dict[str, Path]


# Journals.


def _journal(home: Path) -> Path:
    return next((home / "journal").iterdir())


@pytest.fixture(scope="module")
def recorded_home(finished: tuple[Path, Any]) -> Path:
    return finished[0]


def test_a_journal_reruns_identically(command: Command, finished: tuple[Path, Any]) -> None:
    home, run = finished
    answer = command("replay", "--journal", _journal(home), "--json")
    assert (answer.code, answer.err) == (0, "")
    result = answer.json
    assert result["identical"] is True
    assert result["difference"] is None
    assert result["cut_off"] == 0
    for key in ("inputs", "decisions", "orders", "fills", "final_equity", "state_hash"):
        assert result[key] == run.json[key]
    assert result["effects"] > 100


def test_a_rerun_changes_nothing(command: Command, finished: tuple[Path, Any]) -> None:
    files = sorted(path for path in finished[0].rglob("*") if path.is_file())
    before = [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in files]
    assert command("replay", "--journal", _journal(finished[0])).code == 0
    assert [(path, path.stat().st_mtime_ns, path.read_bytes()) for path in files] == before


def _copy(journal: Path, to: Path) -> Path:
    shutil.copytree(journal, to)
    return next(iter(to.glob("*.journal")))


@pytest.fixture(scope="module")
def short_journal(tmp_path_factory: pytest.TempPathFactory, trading: list[object]) -> Path:
    from tests.cli.commands.conftest import call

    home = tmp_path_factory.mktemp("short")
    assert call(home, *trading, "--for", "12s", "--json").code == 0
    return _journal(home)


def test_a_flipped_byte_anywhere_is_found_and_its_frame_named(
    command: Command, short_journal: Path, tmp_path: Path
) -> None:
    data = _copy(short_journal, tmp_path / "copy").read_bytes()
    path = next(iter((tmp_path / "copy").glob("*.journal")))
    rng = random.Random(4)
    # The last frame's damage is what a torn write looks like, and is cut.
    for place in [70, *(rng.randrange(100, len(data) - 2_000) for _ in range(12))]:
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        answer = command("replay", "--journal", path.parent, "--json")
        assert answer.code == 3, place
        assert answer.out == ""
        assert answer.err.startswith(f"undertow: {path.name}: ")
        assert "frame" in answer.err


def test_a_frame_that_was_taken_out_is_found(
    command: Command, short_journal: Path, tmp_path: Path
) -> None:
    path = _copy(short_journal, tmp_path / "copy")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3] + data[len(data) // 2 :])
    assert command("replay", "--journal", path.parent, "--json").code == 3


def _rewrite(journal: Path, to: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    # The same frames in a sound journal of another configuration.
    frames = list(JournalReader(journal).frames())
    first, *_ = JournalReader(journal).records(kinds=[FrameKind.RUN_STARTED])
    assert isinstance(first.value, RunStarted)
    config = json.loads(first.value.config)
    change(config)
    writer = JournalWriter(to, msgspec.structs.replace(first.value, config=json.dumps(config)))
    for frame in frames[1:]:
        writer.append(frame.kind, frame.payload, frame.time_ns)
    writer.close()
    return to


def test_the_same_frames_in_another_file_are_identical(
    command: Command, finished: tuple[Path, Any], tmp_path: Path
) -> None:
    copy = _rewrite(_journal(finished[0]), tmp_path / "copy", lambda config: None)
    assert command("replay", "--journal", copy, "--json").json["identical"] is True


def _hold_longer(config: dict[str, Any]) -> None:
    config["strategies"][0]["parameters"] = {"hold_s": 8}


def _risk_less(config: dict[str, Any]) -> None:
    config["engine"]["limits"]["max_positions"] = 1


@pytest.mark.parametrize("change", [_hold_longer, _risk_less])
def test_another_parameter_is_a_difference(
    command: Command, finished: tuple[Path, Any], tmp_path: Path, change: Any
) -> None:
    copy = _rewrite(_journal(finished[0]), tmp_path / "copy", change)
    answer = command("replay", "--journal", copy, "--json")
    assert answer.code == 3
    assert answer.json["identical"] is False
    difference = answer.json["difference"]
    assert difference["sequence"] > 1
    assert difference["recorded"] != difference["found"]
    assert command("replay", "--journal", copy).code == 3  # and the same in words


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_journal_is_said(command: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = command("replay", "--journal", tmp_path / name)
    assert answer.code == 3
    assert name in answer.err


# Recorded messages.


@pytest.fixture
def replay(command: Command, files: Path, binance_files: Files) -> Command:
    """Replays both sources with a strategy that trades."""
    sources = [f"{name}={path}" for name, path in binance_files.items()]

    def run(*argv: object) -> Any:
        return command("replay", *sources, "-s", f"{files / 'flipper.py'}:Flipper", *argv)

    return run


SOURCE_KEYS = (
    "messages", "trades", "buy_qty", "sell_qty", "book_updates", "gaps", "clock_offset_ms",
    "bars_1m", "book_check",
)  # fmt: skip


def test_it_tells_what_was_in_the_files(replay: Command, binance_files: Files) -> None:
    answer = replay("--json")
    assert (answer.code, answer.err) == (0, "")
    result = answer.json
    assert list(result["sources"]) == list(binance_files)
    for name, row in result["sources"].items():
        assert set(SOURCE_KEYS) <= set(row)
        path = binance_files[name]
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        messages = [json.loads(each.partition(b" ")[2]) for each in data.splitlines()]
        assert row["messages"] == len(messages)
        trades = [m["data"] for m in messages if m.get("data", {}).get("e") == "trade"]
        assert row["trades"] == len(trades)
        assert float(row["sell_qty"]) == pytest.approx(sum(float(t["q"]) for t in trades if t["m"]))
    assert result["inputs"] == sum(row["messages"] for row in result["sources"].values())
    assert result["fills"] > 0
    assert result["ledger_balanced"] is True


def test_the_batch_changes_nothing(replay: Command) -> None:
    results = [replay("--json", "--batch", size).json for size in (0, 1, 7, 1_000)]
    for result in results:
        for timed in ("elapsed_s", "events_per_s"):
            del result[timed]
    assert results[1:] == results[:1] * 3


def test_the_seed_is_of_the_latencies(replay: Command) -> None:
    assert (
        replay("--json", "--seed", 5).json["state_hash"]
        == replay("--json", "--seed", 5).json["state_hash"]
    )


def test_it_writes_a_journal_that_reruns_identically(
    replay: Command, command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "journal"
    first = replay("--journal", folder, "--json")
    assert first.json["state_hash"] == replay("--json").json["state_hash"]
    again = command("replay", "--journal", folder, "--json")
    assert again.code == 0
    assert again.json["identical"] is True
    assert again.json["state_hash"] == first.json["state_hash"]
    assert command("journal", "verify", folder).code == 0


def test_a_parameter_changed_in_that_journal_is_named_by_its_frame(
    replay: Command, command: Command, tmp_path: Path
) -> None:
    replay("--journal", tmp_path / "journal")
    copy = _rewrite(tmp_path / "journal", tmp_path / "copy", _hold_longer)
    result = command("replay", "--journal", copy, "--json").json
    assert result["identical"] is False
    (frame,) = (
        record
        for record in JournalReader(copy).records()
        if record.sequence == result["difference"]["sequence"]
    )
    assert frame.kind in (FrameKind.EVENT, FrameKind.COMMAND)
    assert result["difference"]["recorded"] == repr(frame.value)


def test_a_journal_is_never_written_over(replay: Command, tmp_path: Path) -> None:
    assert replay("--journal", tmp_path / "journal").code == 0
    answer = replay("--journal", tmp_path / "journal")
    assert answer.code == 2
    assert "expected a run number above 1" in answer.err


def test_people_get_tables(replay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    answer = replay()
    for word in ("binance.spot", "binance.usdm", "clock_offset_ms", "state_hash"):
        assert word in answer.out


def test_only_the_recordings_venue_has_money(replay: Command, tmp_path: Path) -> None:
    wallets = "engine: {wallets: {aster: {USDT: '5'}, binance: {USDT: '12345'}}}"
    (tmp_path / "wallets.yaml").write_text(wallets)
    equity = float(replay("-c", tmp_path / "wallets.yaml", "--json").json["final_equity"])
    assert equity == pytest.approx(12_345, rel=0.02)


def test_garbage_is_counted_and_the_rest_is_read(
    command: Command, binance_files: Files, tmp_path: Path
) -> None:
    lines = binance_files["binance.usdm"].read_bytes().splitlines(keepends=True)
    broken = tmp_path / "broken"
    broken.write_bytes(b"".join([*lines[:9], b"hello\n", lines[9][:50] + b"\n", *lines[9:]]))
    row = command("replay", f"binance.usdm={broken}", "--json").json["sources"]["binance.usdm"]
    whole = command("replay", f"binance.usdm={binance_files['binance.usdm']}", "--json")
    assert row["trades"] == whole.json["sources"]["binance.usdm"]["trades"]
    assert sum(row["malformed"].values()) == 2
    assert all("broken:1" in text for text in row["malformed_examples"].values())


def test_a_file_that_broke_off_is_said_and_what_could_be_read_counted(
    command: Command, binance_files: Files, tmp_path: Path
) -> None:
    data = binance_files["binance.spot"].read_bytes()
    (tmp_path / "torn.gz").write_bytes(data[: len(data) // 2])
    argv = ("replay", f"binance.spot={tmp_path / 'torn.gz'}", "--json")
    answer = command(*argv)
    assert answer.code == 3
    assert "torn.gz" in answer.err
    assert "truncated" in answer.err
    row = answer.json["sources"]["binance.spot"]
    assert row["truncated"] is True
    assert 100 < row["messages"] < 698
    lenient = command(*argv, "--lenient")
    assert (lenient.code, lenient.err) == (0, "")
    assert lenient.json["state_hash"] == answer.json["state_hash"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "expected VENUE=FILE sources or --journal DIR, found neither"),
        (["binance.spt={file}"], "did you mean 'binance.spot'"),
        (["kraken.spot={file}"], "kraken.spot"),
        (["{file}"], "expected VENUE=FILE"),
        (["binance.spot=nowhere.gz"], "expected a recorded file, found none at nowhere.gz"),
        (["binance.usdm={file}", "--batch", "-1"], "expected a batch of at least 1 row, found -1"),
        (["binance.usdm={file}", "-s", "scalpr"], "did you mean 'scalper'"),
        (["binance.usdm={file}", "binance.usdm={file}"], "twice"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    command: Command, binance_files: Files, argv: list[str], words: str
) -> None:
    answer = command("replay", *(word.format(file=binance_files["binance.usdm"]) for word in argv))
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert answer.err.count("\n") == 1
