"""The journal under sudden death: a process is killed at a random moment, again and again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from undertow.storage import journal_files
from undertow.storage.journal_files import JournalReader, JournalWriter, verify_journal
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import RunStarted

WRITE = """
import sys
from pathlib import Path
from undertow.storage.journal_files import JournalWriter
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import RunStarted
run = RunStarted(int(sys.argv[2]), 1, "paper", "0", 1, "d", "", (), (), ())
with JournalWriter(Path(sys.argv[1]), run, segment_bytes=20_000) as writer:
    for i in range(10**9):
        writer.append(FrameKind.MARKET, bytes(64) * (i % 40), i)
        sequence = writer.append_durably(FrameKind.COMMAND, b"%d" % i * 20, i)
        print(sequence, flush=True)
"""


def _write_and_die(folder: Path, run: int, lines: int) -> int:
    """Run a writer, kill it after it reported that many commands; the last reported sequence."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    command = [sys.executable, "-c", WRITE, str(folder), str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        last = [int(writer.stdout.readline()) for _ in range(lines)][-1]
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
    return int(rest[-1]) if rest else last


def test_no_promised_command_is_lost_by_sudden_death(tmp_path: Path) -> None:
    lines = np.random.default_rng(7).integers(1, 150, 6)
    for run, count in enumerate(lines.tolist(), 1):
        promised = _write_and_die(tmp_path, run, count)
        commands = list(JournalReader(tmp_path).frames(kinds=[FrameKind.COMMAND]))
        assert commands[-1].sequence >= promised
        assert verify_journal(tmp_path).is_sound
    report = verify_journal(tmp_path)
    assert (report.runs, report.ended_cleanly) == (6, False)


def test_a_hole_in_the_middle_is_found(
    tmp_path: Path, make_run: Callable[[int], RunStarted]
) -> None:
    with JournalWriter(tmp_path, make_run(1)) as writer:
        for i in range(50):
            writer.append(FrameKind.EVENT, b"%d" % i, i)
    path = next(tmp_path.glob("*.journal"))
    data = path.read_bytes()
    path.write_bytes(data[:1000] + bytes(512) + data[1512:])
    report = verify_journal(tmp_path)
    # The frame in which the hole begins, and the hole up to the next sound frame.
    assert [damage.offset for damage in report.damages] == [961, 1015]


def test_the_door_is_complete() -> None:
    assert journal_files.__all__ == ["JournalReader", "JournalWriter", "verify_journal"]
