"""Structured logs: one JSON object a line, written by a thread of its own.

Three classes with their own retention (OBS-05): decisions and trades are kept for ever by the
journal and the state database; `system.jsonl` rotates by size. Every line that belongs to a
decision carries its id as `trace_id`, from the signal to the fill.
"""

import logging
import logging.handlers
import queue
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.domain.suggestion import did_you_mean

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
ROOT = "undertow"


class LogConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """level: least severity written. topics: other levels for single topics, e.g.
    {"execution": "debug"}. max_mib, keep: size at which the file rotates, and how many are kept.
    """

    level: str = "info"
    topics: dict[str, str] = {}
    max_mib: int = 50
    keep: int = 5

    def __post_init__(self) -> None:
        for level in (self.level, *self.topics.values()):
            if level not in LEVELS:
                raise ConfigurationError(
                    f"expected a log level, found {level!r};{did_you_mean(level, LEVELS)}"
                )


def start_logs(folder: Path, config: LogConfig) -> Callable[[], None]:
    """Write logs to `folder/system.jsonl` from now on; call what is returned to flush and stop."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            folder / "system.jsonl",
            maxBytes=config.max_mib << 20,
            backupCount=config.keep,
            encoding="utf-8",
        )
    except OSError as error:
        raise StorageUnavailable(
            f"expected a writable log folder {folder}, found {error.strerror}"
        ) from error
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(lines)
    listener = logging.handlers.QueueListener(lines, file)
    root = logging.getLogger(ROOT)
    root.handlers = [handler]
    root.propagate = False
    root.setLevel(LEVELS[config.level])
    for topic, level in config.topics.items():
        logging.getLogger(f"{ROOT}.{topic}").setLevel(LEVELS[level])
    _configure()
    listener.start()

    def stop() -> None:
        root.handlers = []
        listener.stop()
        file.close()

    return stop


def _configure() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _dumps(event: Mapping[str, Any], **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()
