from pathlib import Path

import pytest

from undertow.domain.command import EngageKillSwitch, ReleaseKillSwitch
from undertow.live.kill_switch_file import LONGEST_REASON, KillSwitchFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kill.switch"


def test_the_file_engages_once_and_its_removal_releases_once(path: Path) -> None:
    switch = KillSwitchFile(path, is_engaged=False)
    said = [switch.poll()]
    path.write_text("  drill\n")
    said += [switch.poll(), switch.poll()]
    path.unlink()
    said += [switch.poll(), switch.poll()]
    engaged, released = EngageKillSwitch("file", "drill"), ReleaseKillSwitch("file")
    assert said == [None, engaged, None, released, None]


def test_a_switch_that_is_engaged_already_is_not_engaged_again(path: Path) -> None:
    path.write_text("before the restart")
    assert KillSwitchFile(path, is_engaged=True).poll() is None


def test_a_file_removed_while_nothing_ran_releases_at_the_start(path: Path) -> None:
    switch = KillSwitchFile(path, is_engaged=True)
    assert [switch.poll(), switch.poll()] == [ReleaseKillSwitch("file"), None]


@pytest.mark.parametrize(("text", "reason"), [("", "no reason"), ("x" * 999, "x" * LONGEST_REASON)])
def test_any_file_has_a_reason(path: Path, text: str, reason: str) -> None:
    path.write_text(text)
    assert KillSwitchFile(path, is_engaged=False).poll() == EngageKillSwitch("file", reason)


def test_what_cannot_be_read_engages_all_the_same(path: Path) -> None:
    path.mkdir()
    command = KillSwitchFile(path, is_engaged=False).poll()
    assert isinstance(command, EngageKillSwitch)
    assert "could not be read" in command.reason


def test_bytes_that_are_no_text_engage(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00stop")
    assert isinstance(KillSwitchFile(path, is_engaged=False).poll(), EngageKillSwitch)


def test_what_cannot_be_looked_at_engages(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    assert isinstance(KillSwitchFile(path, is_engaged=False).poll(), EngageKillSwitch)


def test_a_signal_leaves_a_file_whose_removal_releases(path: Path) -> None:
    switch = KillSwitchFile(path, is_engaged=False)
    assert switch.engage("signal", "SIGUSR1") == EngageKillSwitch("signal", "SIGUSR1")
    assert path.read_text() == "SIGUSR1\n"
    assert switch.poll() is None
    path.unlink()
    assert switch.poll() == ReleaseKillSwitch("file")


def test_a_signal_keeps_the_reason_that_is_there(path: Path) -> None:
    path.write_text("first\n")
    KillSwitchFile(path, is_engaged=True).engage("signal", "second")
    assert path.read_text() == "first\n"


def test_a_signal_without_a_disk_stays_engaged(tmp_path: Path) -> None:
    switch = KillSwitchFile(tmp_path / "nowhere" / "kill.switch", is_engaged=False)
    switch.engage("signal", "SIGUSR1")
    assert [switch.poll(), switch.poll()] == [None, None]
