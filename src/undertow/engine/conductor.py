"""The write-ahead order of things around the engine: input recorded, step, effects recorded, sent.

The conductor takes one item at a time. What it returns has been recorded: commands may be handed
to the venue at once, because they are on disk.
"""

from collections.abc import Sequence
from typing import Protocol

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.engine_input import ClockAdvanced, Effect, Input
from undertow.domain.event import Event
from undertow.domain.market_event import EventArray
from undertow.engine.engine import Engine
from undertow.timeline.row_slice import RowSlice

_COMMANDS = (SubmitOrder, CancelOrder, AmendOrder, QueryOrder)


class Record(Protocol):
    """Where inputs and effects are kept, in order."""

    def append_market(self, rows: EventArray) -> None:
        """Keep market rows."""
        ...

    def append_input(self, value: Input) -> object:
        """Keep any other input."""
        ...

    def append_event(self, value: Event) -> object:
        """Keep an event."""
        ...

    def append_commands(self, commands: Sequence[Command]) -> None:
        """Keep commands durably: they are on disk when this returns."""
        ...


class NoRecord:
    """Keeps nothing: for measurements and library use."""

    def append_market(self, rows: EventArray) -> None:
        """Forget the rows."""

    def append_input(self, value: Input) -> None:
        """Forget the input."""

    def append_event(self, value: Event) -> None:
        """Forget the event."""

    def append_commands(self, commands: Sequence[Command]) -> None:
        """Forget the commands."""


class Conductor:
    """One engine and one record."""

    def __init__(self, engine: Engine, record: Record) -> None:
        self.engine = engine
        self.record = record

    def take_rows(self, part: RowSlice) -> tuple[int, list[Command]]:
        """Give the engine rows until it sends a command; returns where it stopped and what to send.

        Call again with the rest; rows that were taken are recorded before their effects.
        """
        stop = self.engine.advance(part.rows, part.start, part.stop)
        if stop > part.start:
            self.record.append_market(part.rows[part.start : stop])
        effects = self.engine.drain()
        if effects and self._timer_fired(part, stop):
            # It fired because of a row that is not recorded yet: the clock stands for that row.
            self.record.append_input(ClockAdvanced(self.engine.now_ns))
        return stop, self.keep(effects)

    def take(self, item: Input) -> list[Command]:
        """Give the engine any other input; returns what to send."""
        self.engine.step(item)
        self.record.append_input(item)
        return self.keep(self.engine.drain())

    def _timer_fired(self, part: RowSlice, stop: int) -> bool:
        if stop == part.stop:
            return False
        last = part.rows[stop - 1]["receive_time_ns"] if stop > part.start else -1
        return self.engine.now_ns > int(last)

    def keep(self, effects: Sequence[Effect]) -> list[Command]:
        """Record effects; returns the commands among them, to be sent now."""
        commands: list[Command] = []
        waiting: list[Command] = []
        for effect in effects:
            if isinstance(effect, _COMMANDS):
                waiting.append(effect)
                continue
            # In their true order: what was decided before an event is recorded before it.
            self._commit(waiting, commands)
            self.record.append_event(effect)
        self._commit(waiting, commands)
        return commands

    def _commit(self, waiting: list[Command], commands: list[Command]) -> None:
        if waiting:
            self.record.append_commands(waiting)
            commands += waiting
            waiting.clear()
