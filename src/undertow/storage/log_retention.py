"""Three classes of logs and how long each is kept (OBS-05).

Decisions and trades are the journal and the state database: for ever, nothing here touches them.
System logs are files in `logs/`: 90 days after they were last written.
"""

from pathlib import Path

from undertow.domain.time import NS_PER_DAY
from undertow.storage.disk_refusal import refusals

SYSTEM_LOG_DAYS = 90
_SYSTEM_LOG = "system*.jsonl*"


def prune_system_logs(folder: Path, now_ns: int, days: int = SYSTEM_LOG_DAYS) -> tuple[Path, ...]:
    """Remove system logs last written more than `days` days before `now_ns`; which those were."""
    limit_ns = now_ns - days * NS_PER_DAY
    with refusals("remove old logs in", folder):
        files = sorted(folder.glob(_SYSTEM_LOG))
        old = tuple(path for path in files if path.stat().st_mtime_ns < limit_ns)
        for path in old:
            path.unlink()
    return old
