"""The journal and the logs as one record: what the conductor keeps goes to both."""

from collections import deque
from collections.abc import Sequence

from undertow.domain.command import Command
from undertow.domain.engine_input import Effect, Input, ReportReceived
from undertow.domain.event import Event
from undertow.domain.market_event import EventArray
from undertow.live.log_lines import LogLines
from undertow.storage.journal_files import JournalWriter

KEPT_EFFECTS = 200


class Recording:
    """Journal first, then a log line; remembers the last effects for whoever looks."""

    def __init__(self, journal: JournalWriter, lines: LogLines) -> None:
        self._journal = journal
        self._lines = lines
        self.recent: deque[Effect] = deque(maxlen=KEPT_EFFECTS)

    def append_market(self, rows: EventArray) -> None:
        """Journal market rows."""
        self._journal.append_market(rows)

    def append_input(self, value: Input) -> None:
        """Journal an input; a report also makes a log line."""
        self._journal.append_input(value)
        if isinstance(value, ReportReceived):
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

    def _tell(self, effect: Effect) -> None:
        self.recent.append(effect)
        self._lines.effect(effect)
