import importlib.metadata
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from undertow.cli import machine_checks as checks
from undertow.cli.machine_checks import Status
from undertow.domain.time import NS_PER_S


def test_every_check_answers(small_run: Any) -> None:
    found = {finding.name: finding for finding in checks.findings(small_run.home)}
    assert found["journal"].status is Status.OK
    assert "last segment sound" in found["journal"].found
    assert all(finding.hint for finding in found.values() if finding.status is not Status.OK)


def test_an_old_python_fails() -> None:
    assert checks.python_version((3, 11, 2)).status is Status.OK
    old = checks.python_version((3, 10, 9))
    assert (old.status, old.exit_code) == (Status.FAIL, 2)


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["numpy>=1", "nothing_such>=2", "rich>=999", 'uvloop>=99; extra == "fast"']
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: wanted)
    needed, extra = checks.packages()
    assert (needed.status, needed.exit_code) == (Status.FAIL, 2)
    assert "nothing_such is missing; rich" in needed.found
    assert "older than 999" in needed.found
    assert "pip install 'undertow[fast]'" in extra.hint


def test_a_source_tree_without_installation_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "requires", refuse)
    assert [finding.status for finding in checks.packages()] == [Status.WARN]


def test_one_core_and_little_memory_are_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert checks.cores().status is Status.WARN
    monkeypatch.setattr(os, "sysconf", lambda _: 1024)
    assert checks.memory().status is Status.WARN


def test_a_clock_in_the_past_or_stepped() -> None:
    now = checks.EARLIEST_CLOCK_NS + NS_PER_S
    past = checks.clock(lambda: 0, lambda: 0)
    assert (past.status, past.exit_code) == (Status.FAIL, 2)
    times = iter((now, now + 5 * NS_PER_S))
    assert checks.clock(lambda: next(times), lambda: 0).status is Status.WARN
    assert checks.clock(lambda: now, lambda: 0).status is Status.OK


def test_a_cache_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert checks.kernel_cache().found == str(tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "gone"))
    assert checks.kernel_cache().status is Status.WARN


def test_a_home_that_cannot_be_made_fails(tmp_path: Path) -> None:
    assert checks.home_writable(tmp_path / "a" / "b").found.endswith("(will be made)")
    (tmp_path / "file").write_text("x")
    blocked = checks.home_writable(tmp_path / "file")
    assert (blocked.status, blocked.exit_code) == (Status.FAIL, 3)
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize(
    ("free", "status"), [(1 << 20, Status.FAIL), (1 << 30, Status.WARN), (1 << 40, Status.OK)]
)
def test_disk_space(
    free: int, status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert checks.disk_space(tmp_path).status is status


def test_the_kill_switch_is_told(tmp_path: Path) -> None:
    assert checks.kill_switch(tmp_path).found == "released"
    (tmp_path / checks.KILL_SWITCH).write_text("enough\n")
    engaged = checks.kill_switch(tmp_path)
    assert (engaged.status, engaged.found) == (Status.WARN, "engaged: enough")


def test_a_torn_and_a_damaged_journal(small_run: Any, tmp_path: Path) -> None:
    shutil.copytree(small_run.journal, tmp_path / "journal")
    path = tmp_path / "journal" / "00000001.journal"
    data = path.read_bytes()
    path.write_bytes(data[:-7])
    assert checks.newest_journal_sound(tmp_path).status is Status.WARN
    path.write_bytes(data[:900] + b"x" + data[901:])
    damaged = checks.newest_journal_sound(tmp_path)
    assert (damaged.status, damaged.exit_code) == (Status.FAIL, 3)
    assert checks.newest_journal_sound(tmp_path / "none").found == "none yet"
