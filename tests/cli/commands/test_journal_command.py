import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from undertow.cli.main import main
from undertow.storage.journal_reader import JournalReader
from undertow.storage.segment_files import segment_paths
from undertow.storage.snapshot_files import SnapshotFiles
from undertow.timeline.journal import JournalPosition
from undertow.timeline.snapshot import Snapshot


@pytest.fixture
def damaged(small_run: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "journal" / "paper"
    shutil.copytree(small_run.journal, folder)
    path = segment_paths(folder)[0][1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return folder


def test_a_sound_journal_verifies(small_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify", str(small_run.journal)]) == 0
    shown = capsys.readouterr().out
    chain = JournalReader(small_run.journal).last_position().chain.hex()
    assert "every frame is sound" in shown
    assert f"last hash {chain}, ends with the end of a run" in shown


def test_damage_is_named_and_exits_with_3(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "verify", str(damaged), "--json"]) == 3
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert not report["is_sound"]
    found = report["damages"][0]
    assert found["segment"] == "00000001.journal"
    assert found["offset"] > 0
    where = f"frame {found['frame']} (sequence {found['sequence']}) at byte {found['offset']}"
    assert where in told.err


def test_a_torn_tail_is_no_damage(
    small_run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "torn"
    shutil.copytree(small_run.journal, folder)
    path = segment_paths(folder)[0][1]
    path.write_bytes(path.read_bytes()[:-7])
    assert main(["journal", "verify", str(folder)]) == 0
    assert "ends torn" in capsys.readouterr().out


def test_snapshots_beside_it_show_a_cut_end(
    small_run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "journal" / "paper"
    shutil.copytree(small_run.journal, folder)
    last = JournalReader(folder).last_position()
    later = JournalPosition(last.sequence + 3, bytes(16))
    snapshots = SnapshotFiles(tmp_path / "snapshots" / "paper")
    snapshots.save(Snapshot(run=1, at_ns=1, position=later, parts={"engine": b"x"}))
    assert main(["journal", "verify", str(folder)]) == 3
    assert f"expected frames up to sequence {later.sequence}" in capsys.readouterr().out


def test_records_are_shown_one_a_line(small_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["journal", "show", str(small_run.journal)]
    assert main([*where, "--kind", "command", "--limit", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2:4] for line in lines] == [
        ["SubmitOrder", "ut1-o1"],
        ["SubmitOrder", "ut1-o2"],
    ]
    assert main([*where, "--from", "3", "--to", "4"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["3", "4"]


def test_a_kind_of_value_can_be_asked_for(
    small_run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["journal", "show", str(small_run.journal), "--kind"]
    assert main([*where, "orderfilled", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 7
    assert {item["kind"] for item in told} == {"OrderFilled"}
    assert main([*where, "StopMoved", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main([*where, "OrderFiled"]) == 2
    assert "did you mean 'OrderFilled'?" in capsys.readouterr().err


def test_rows_can_be_shown(small_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["journal", "show", str(small_run.journal), "--kind", "market"]
    assert main([*where, "--from", "2", "--limit", "1", "--rows"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{len(lines) - 1} rows: " in lines[0]
    assert any("aster.perp BTC/USDT:USDT@aster trade" in line for line in lines)


def test_a_range_must_not_be_empty(small_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["journal", "show", str(small_run.journal)]
    assert main([*where, "--from", "5", "--to", "4"]) == 2
    assert "expected --to to be at least 5" in capsys.readouterr().err


def test_what_is_sound_before_damage_is_shown(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "show", str(damaged), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)[0]["kind"] == "RunStarted"
