"""The layout of the home folder (UNDERTOW_HOME, by default ./user_data).

```
journal/<mode>/00000001.journal ...      the source of truth
snapshots/<mode>/0000000000000042.snapshot
state/<mode>.sqlite                      made from the journal
state/run_number                         one for all modes, so that no id is used in two
data/<venue>/<market>/<symbol>/<date>/<hour>/   recorded market data
logs/                                    system logs
```

A mode is "paper" or "live"; they share nothing but the run number and the recorded data.
"""

import re
from pathlib import Path

from undertow.domain.errors import ConfigurationError
from undertow.storage.disk_refusal import refusals

_MODE = re.compile(r"[a-z][a-z0-9_]*")
_PROBE = ".probe"


class HomeFolder:
    """Names the places of one mode in a home folder; `create` makes them."""

    def __init__(self, root: Path, mode: str) -> None:
        if not _MODE.fullmatch(mode):
            raise ConfigurationError(f"expected a mode such as paper or live, found {mode!r}")
        self.root = root
        self.mode = mode

    @property
    def journal(self) -> Path:
        """Folder of the journal's segments."""
        return self.root / "journal" / self.mode

    @property
    def snapshots(self) -> Path:
        """Folder of the snapshots."""
        return self.root / "snapshots" / self.mode

    @property
    def state(self) -> Path:
        """File of the state database."""
        return self.root / "state" / f"{self.mode}.sqlite"

    @property
    def run_number(self) -> Path:
        """File of the run number."""
        return self.root / "state" / "run_number"

    @property
    def data(self) -> Path:
        """Root of the lake of recorded market data."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """Folder of the system logs."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folders and see that each can be written to, before anything is traded.

        Raises `StorageUnavailable` naming the folder that cannot.
        """
        for folder in (self.journal, self.snapshots, self.state.parent, self.data, self.logs):
            with refusals("create the folder", folder):
                folder.mkdir(parents=True, exist_ok=True)
            probe = folder / _PROBE
            with refusals("write in", folder):
                probe.write_bytes(b"x")
                probe.unlink()
