import os
from pathlib import Path

from undertow.domain.time import NS_PER_DAY
from undertow.storage.log_retention import prune_system_logs

NOW_NS = 1_000 * NS_PER_DAY


def _log(folder: Path, name: str, age_days: float) -> Path:
    path = folder / name
    path.touch()
    moment = NOW_NS - int(age_days * NS_PER_DAY)
    os.utime(path, ns=(moment, moment))
    return path


def test_only_old_system_logs_go(tmp_path: Path) -> None:
    old = _log(tmp_path, "system.jsonl.3", 90.5)
    kept = [
        _log(tmp_path, "system.jsonl", 89.5),
        _log(tmp_path, "decisions.jsonl", 5000),
        _log(tmp_path, "trades.jsonl", 5000),
    ]
    assert prune_system_logs(tmp_path, NOW_NS) == (old,)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    assert prune_system_logs(tmp_path, NOW_NS, days=89) == (kept[0],)
    assert prune_system_logs(tmp_path / "gone", NOW_NS) == ()
