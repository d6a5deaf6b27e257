"""The clock as everything below the drivers sees it."""

from typing import Protocol

from undertow.domain.errors import InvariantBroken


class Clock(Protocol):
    """Tells the time; passed in, never reached for."""

    def now_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC, never decreasing."""
        ...


class ManualClock:
    """A clock that moves only when told to: backtests, replay and tests."""

    def __init__(self, now_ns: int = 0) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """The time it was last set to."""
        return self._now_ns

    def advance(self, by_ns: int) -> int:
        """Move on by `by_ns` >= 0 and return the new time."""
        return self.set(self._now_ns + by_ns)

    def set(self, now_ns: int) -> int:
        """Move on to a time that is not before the present one, and return it."""
        if now_ns < self._now_ns:
            raise InvariantBroken(f"expected a time at or after {self._now_ns}, found {now_ns}")
        self._now_ns = now_ns
        return now_ns
