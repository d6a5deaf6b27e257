"""Delays of the feed for rows that have none of their own.

Recorded receive times carry their jitter. Imported data (bars, trade archives) says only when
things happened, and its receive times are those plus a constant: here each message is delayed by
what a latency model draws beyond its floor. Messages never overtake each other.
"""

import msgspec
import numpy as np

from undertow.domain.market_event import EventArray
from undertow.simulator.latency import Latency
from undertow.simulator.seeded_stream import SeededStream


class JitterState(msgspec.Struct, frozen=True):
    """What a jitter remembers: the last message's own and delayed times, and its stream."""

    last_ns: int
    delayed_ns: int
    stream: tuple[int, int, int, int]


class FeedJitter:
    """Delays blocks of rows one after the other; how they are cut changes nothing.

    Rows with the same receive time are one message. A Python step per message: meant for bars and
    thin feeds, not for millions of trades.
    """

    def __init__(self, latency: Latency, seed: int) -> None:
        self._latency = latency
        self._stream = SeededStream(seed)
        self._last_ns = -(1 << 62)
        self._delayed_ns = -(1 << 62)

    def delayed(self, rows: EventArray) -> EventArray:
        """A copy of the rows, sorted by receive time as they were, with later receive times."""
        times = rows["receive_time_ns"]
        starts = np.flatnonzero(np.diff(times, prepend=self._last_ns))
        delayed = [self._delayed_ns]
        for at_ns in times[starts].tolist():
            extra_ns = self._latency.draw(self._stream, at_ns) - self._latency.floor_ns
            self._delayed_ns = max(self._delayed_ns, at_ns + extra_ns)
            self._last_ns = at_ns
            delayed.append(self._delayed_ns)
        counts = np.diff(starts, prepend=0, append=len(times))
        found = rows.copy()
        found["receive_time_ns"] = np.repeat(np.array(delayed, np.int64), counts)
        return found

    def dump(self) -> JitterState:
        """Everything, for a snapshot."""
        return JitterState(self._last_ns, self._delayed_ns, self._stream.dump())

    def load(self, state: JitterState) -> None:
        """Go back to a dump."""
        self._last_ns = state.last_ns
        self._delayed_ns = state.delayed_ns
        self._stream.load(state.stream)
