"""Commands on their way to the venue."""

from collections import deque

import msgspec

from undertow.domain.command import Command
from undertow.simulator.latency import Latency
from undertow.simulator.seeded_stream import SeededStream

FAR_NS = 1 << 62
"""Later than any time that matters; its negative is earlier."""


class Arrival(msgspec.Struct, frozen=True):
    """A command and the venue time at which it arrives."""

    arrival_ns: int
    command: Command


class InboxState(msgspec.Struct, frozen=True):
    """What an inbox remembers."""

    waiting: tuple[Arrival, ...]
    last_arrival_ns: int
    late: int
    stream: tuple[int, int, int, int]


class Inbox:
    """One connection to the venue: commands arrive in the order in which they were sent."""

    def __init__(self, latency: Latency, stream: SeededStream) -> None:
        self._latency = latency
        self._stream = stream
        self._waiting: deque[Arrival] = deque()
        self._last_arrival_ns = -FAR_NS
        self.late = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def send(self, command: Command, now_ns: int) -> None:
        """Give a command to the connection; it arrives after `sent_ns` plus the order latency.

        A command that would arrive before `now_ns`, the venue's present, arrives then and is
        counted in `late`: a backtest must have none.
        """
        arrival_ns = command.sent_ns + self._latency.draw(self._stream, command.sent_ns)
        if arrival_ns < now_ns:
            self.late += 1
        self._last_arrival_ns = max(arrival_ns, now_ns, self._last_arrival_ns)
        self._waiting.append(Arrival(self._last_arrival_ns, command))

    @property
    def next_arrival_ns(self) -> int:
        """When the next command arrives; far in the future when none is under way."""
        return self._waiting[0].arrival_ns if self._waiting else FAR_NS

    def receive(self) -> Arrival:
        """The next command, off the connection."""
        return self._waiting.popleft()

    def dump(self) -> InboxState:
        """Everything, for a snapshot."""
        waiting = tuple(self._waiting)
        return InboxState(waiting, self._last_arrival_ns, self.late, self._stream.dump())

    def load(self, state: InboxState) -> None:
        """Go back to a dump."""
        self._waiting = deque(state.waiting)
        self._last_arrival_ns = state.last_arrival_ns
        self.late = state.late
        self._stream.load(state.stream)
