"""The journal and the logs as one record: what the conductor keeps goes to both."""

from collections import deque
from collections.abc import Sequence

from undertow.domain.command import Command
from undertow.domain.engine_input import Effect, Input, ReportReceived
from undertow.domain.errors import StorageUnavailable
from undertow.domain.event import Event
from undertow.domain.market_event import EventArray
from undertow.live.log_lines import LogLines
from undertow.storage.journal_files import JournalWriter
from undertow.storage.recorder import Recorder

KEPT_EFFECTS = 200


class Recording:
    """Journal first, then a log line; remembers the last effects for whoever looks.

    recorder: also keeps the market rows in the lake. When its disk refuses it is dropped and
    `recorder_failure` says why: research data may be lost, the journal goes on.
    """

    def __init__(
        self, journal: JournalWriter, lines: LogLines, recorder: Recorder | None = None
    ) -> None:
        self._journal = journal
        self._lines = lines
        self._recorder = recorder
        self.recorder_failure = ""
        self.recent: deque[Effect | ReportReceived] = deque(maxlen=KEPT_EFFECTS)

    def append_market(self, rows: EventArray) -> None:
        """Journal market rows, and record them if asked to."""
        self._journal.append_market(rows)
        if self._recorder is not None:
            try:
                self._recorder.record(rows)
            except StorageUnavailable as error:
                self._drop_recorder(error)

    def append_input(self, value: Input) -> None:
        """Journal an input; a report also makes a log line."""
        self._journal.append_input(value)
        if isinstance(value, ReportReceived):
            self.recent.append(value)
            self._lines.report(value)

    def append_event(self, value: Event) -> None:
        """Journal an event and log it."""
        self._journal.append_event(value)
        self._tell(value)

    def append_commands(self, commands: Sequence[Command]) -> None:
        """Journal commands durably, then log them."""
        self._journal.append_commands(commands)
        for command in commands:
            self._tell(command)

    def close(self) -> None:
        """Write what the recorder still holds; the journal is its owner's to close."""
        if self._recorder is not None:
            try:
                self._recorder.close()
            except StorageUnavailable as error:
                self._drop_recorder(error)

    def _drop_recorder(self, error: StorageUnavailable) -> None:
        self._recorder = None
        self.recorder_failure = str(error)

    def _tell(self, effect: Effect) -> None:
        self.recent.append(effect)
        self._lines.effect(effect)
