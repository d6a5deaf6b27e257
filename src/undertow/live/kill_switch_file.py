"""The kill switch as a file in the home folder: engaged while the file is there.

It needs no network, no running command and no answer: a person, a script or another machine that
shares the disk makes the file, and the next look at it engages the switch. What cannot be read
still engages it.
"""

from pathlib import Path

from undertow.domain.command import EngageKillSwitch, ReleaseKillSwitch

KILL_SWITCH_FILE = "kill.switch"
LONGEST_REASON = 200
"""Characters of the file that are taken for the reason."""


class KillSwitchFile:
    """Compares the file with the switch; `poll` says what must be commanded, if anything.

    is_engaged: how the engine's switch stands at the start. A switch that was engaged and whose
    file was removed meanwhile is released by the first look.
    """

    def __init__(self, path: Path, *, is_engaged: bool) -> None:
        self._path = path
        self._is_engaged = is_engaged
        self._has_no_file = False

    def poll(self) -> EngageKillSwitch | ReleaseKillSwitch | None:
        """Look at the file once."""
        is_there = self._is_there()
        self._has_no_file = self._has_no_file and not is_there
        if is_there and not self._is_engaged:
            self._is_engaged = True
            return EngageKillSwitch("file", self._reason())
        if self._is_engaged and not is_there and not self._has_no_file:
            self._is_engaged = False
            return ReleaseKillSwitch("file")
        return None

    def engage(self, origin: str, reason: str) -> EngageKillSwitch:
        """Engage from inside: the file is made too, so that removing it releases.

        Where it cannot be made the switch is engaged all the same.
        """
        self._is_engaged = True
        try:
            with self._path.open("x", encoding="utf-8") as file:
                file.write(f"{reason}\n")
        except FileExistsError:
            pass
        except OSError:
            self._has_no_file = True
        return EngageKillSwitch(origin, reason)

    def _is_there(self) -> bool:
        try:
            return self._path.exists()
        except OSError:
            return True

    def _reason(self) -> str:
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            return f"the file could not be read: {error.strerror}"
        return text.strip()[:LONGEST_REASON] or "no reason"
