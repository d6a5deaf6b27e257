"""Time as the wire needs it: what it is, and waiting; passed in, so that tests do not wait."""

from typing import Protocol

from undertow.domain.time import NS_PER_S


class Pace(Protocol):
    """A clock that can be waited on."""

    def now_ns(self) -> int:
        """Now; never goes back."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when so much time has passed."""
        ...


class CountedPace:
    """A pace that only counts: waiting moves its clock at once. For tests and simulations."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns
        self.waits: list[float] = []

    def now_ns(self) -> int:
        """Now."""
        return self._now_ns

    def wait(self, seconds: float) -> None:
        """Move the clock and note the wait."""
        self.waits.append(seconds)
        self._now_ns += round(seconds * NS_PER_S)
