import json
from pathlib import Path

import pytest
import structlog

from undertow.cli.logs import LogConfig, start_logs
from undertow.domain.errors import ConfigurationError, StorageUnavailable


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "system.jsonl").read_text().splitlines()]


def test_lines_are_json_with_topic_and_level(tmp_path: Path) -> None:
    stop = start_logs(tmp_path, LogConfig(topics={"execution": "debug"}))
    structlog.stdlib.get_logger("undertow.engine").debug("too fine")
    structlog.stdlib.get_logger("undertow.engine").info("Started", amount=10**30, trace_id="d1")
    structlog.stdlib.get_logger("undertow.execution").debug("Fine")
    stop()
    first, second = _lines(tmp_path)
    assert (first["event"], first["trace_id"], first["level"]) == ("Started", "d1", "info")
    assert first["logger"] == "undertow.engine"
    assert second["event"] == "Fine"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'debug'"):
        LogConfig(topics={"execution": "debg"})


def test_an_unwritable_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(StorageUnavailable, match="writable log folder"):
        start_logs(tmp_path / "logs", LogConfig())
