"""Telling which streams have gone silent.

A stream is stale when nothing was heard of it for longer than its timeout; it is healthy again with
the next message. The same answers whatever the times at which one asks.
"""

from collections.abc import Mapping

import msgspec

from undertow.domain.errors import UnknownNameError
from undertow.domain.suggestion import did_you_mean

_NEVER_DUE = (1 << 63) - 1


class _Stream(msgspec.Struct):
    timeout_ns: int
    heard_ns: int
    is_stale: bool


class _State(msgspec.Struct):
    version: int
    streams: dict[str, _Stream]


class StalenessWatch:
    """Watches streams by name; the order of `timeouts_ns` is the order of its answers.

    timeouts_ns: longest silence of each stream. start_ns: when listening began.
    """

    def __init__(self, timeouts_ns: Mapping[str, int], start_ns: int) -> None:
        streams = {
            name: _Stream(timeout, start_ns, is_stale=False)
            for name, timeout in timeouts_ns.items()
        }
        self._state = _State(1, streams)

    def heard(self, name: str, now_ns: int) -> bool:
        """A message of the stream came; True when that ended its silence.

        A silence that nobody asked about in time is no silence: `newly_stale` decides.
        """
        stream = self._stream(name)
        stream.heard_ns = max(stream.heard_ns, now_ns)
        was_stale, stream.is_stale = stream.is_stale, False
        return was_stale

    def newly_stale(self, now_ns: int) -> list[str]:
        """Streams that went stale since the last time of asking."""
        found: list[str] = []
        for name, stream in self._state.streams.items():
            if not stream.is_stale and now_ns - stream.heard_ns > stream.timeout_ns:
                stream.is_stale = True
                found.append(name)
        return found

    @property
    def due_ns(self) -> int:
        """The first time at which `newly_stale` may find one; the greatest integer if none can."""
        return min((one.heard_ns + one.timeout_ns + 1 for one in self._live()), default=_NEVER_DUE)

    def is_stale(self, name: str) -> bool:
        """Whether the stream was found stale and not heard since."""
        return self._stream(name).is_stale

    def silence_ns(self, name: str, now_ns: int) -> int:
        """How long nothing has been heard of the stream."""
        return max(0, now_ns - self._stream(name).heard_ns)

    def snapshot(self) -> bytes:
        """The whole state."""
        return msgspec.msgpack.encode(self._state)

    def restore(self, data: bytes) -> None:
        """Go back to the state of a `snapshot`."""
        self._state = msgspec.msgpack.decode(data, type=_State)

    def _live(self) -> list[_Stream]:
        return [stream for stream in self._state.streams.values() if not stream.is_stale]

    def _stream(self, name: str) -> _Stream:
        stream = self._state.streams.get(name)
        if stream is None:
            raise UnknownNameError(
                f"expected a watched stream, found {name!r};"
                f"{did_you_mean(name, self._state.streams)}"
            )
        return stream
