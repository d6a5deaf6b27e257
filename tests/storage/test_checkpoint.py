from collections.abc import Callable
from pathlib import Path

import pytest

from undertow.domain.engine_input import ClockAdvanced
from undertow.domain.errors import DataError
from undertow.storage.checkpoint import find_restart, take_checkpoint
from undertow.storage.journal_writer import JournalWriter
from undertow.storage.snapshot_files import SnapshotFiles
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import RunStarted, SnapshotTaken

MakeRun = Callable[[int], RunStarted]


class Adder:
    """Stands for an engine: its state is the sum of the clock inputs applied."""

    def __init__(self) -> None:
        self.total = 0

    def apply(self, value: object) -> None:
        if isinstance(value, ClockAdvanced):
            self.total += value.receive_time_ns


def _run(folder: Path, run: RunStarted, snapshots: SnapshotFiles, state: Adder) -> None:
    with JournalWriter(folder, run, segment_bytes=1500) as journal:
        for i in range(1, 31):
            value = ClockAdvanced(i)
            journal.append_input(value)
            state.apply(value)
            if i % 7 == 0:
                parts = {"adder": state.total.to_bytes(8, "little")}
                take_checkpoint(journal, snapshots, parts, run=run.run, at_ns=i)


def _restarted(folder: Path, snapshots: SnapshotFiles) -> Adder:
    restart = find_restart(folder, snapshots)
    state = Adder()
    if restart.snapshot is not None:
        state.total = int.from_bytes(restart.snapshot.parts["adder"], "little")
    for record in restart.records():
        state.apply(record.value)
    return state


def test_a_restart_loses_nothing_and_repeats_nothing(tmp_path: Path, make_run: MakeRun) -> None:
    snapshots = SnapshotFiles(tmp_path / "snapshots")
    state = Adder()
    _run(tmp_path / "journal", make_run(1), snapshots, state)
    assert find_restart(tmp_path / "journal", snapshots).after_sequence > 20
    assert _restarted(tmp_path / "journal", snapshots).total == state.total
    for path in sorted((tmp_path / "snapshots").iterdir(), reverse=True):
        path.write_bytes(b"broken")
        assert _restarted(tmp_path / "journal", snapshots).total == state.total
    assert len(find_restart(tmp_path / "journal", snapshots).skipped) == 3


def test_the_journal_tells_of_the_checkpoint(tmp_path: Path, make_run: MakeRun) -> None:
    snapshots = SnapshotFiles(tmp_path / "snapshots")
    _run(tmp_path / "journal", make_run(1), snapshots, Adder())
    restart = find_restart(tmp_path / "journal", snapshots)
    first = next(restart.records())
    assert first.kind is FrameKind.SNAPSHOT_TAKEN
    assert isinstance(first.value, SnapshotTaken)
    assert first.value.sequence == restart.after_sequence


def test_a_snapshot_of_another_journal_is_refused(tmp_path: Path, make_run: MakeRun) -> None:
    snapshots = SnapshotFiles(tmp_path / "snapshots")
    _run(tmp_path / "journal", make_run(1), snapshots, Adder())
    _run(tmp_path / "other", make_run(2), SnapshotFiles(tmp_path / "unused"), Adder())
    with pytest.raises(DataError, match="belongs to another journal"):
        find_restart(tmp_path / "other", snapshots)


def test_without_snapshots_everything_is_applied(tmp_path: Path, make_run: MakeRun) -> None:
    _run(tmp_path / "journal", make_run(1), SnapshotFiles(tmp_path / "a"), state := Adder())
    assert _restarted(tmp_path / "journal", SnapshotFiles(tmp_path / "b")).total == state.total
