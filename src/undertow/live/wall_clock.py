"""The machine's clock, for pacing and stamping; the engine itself never sees it."""

import time


class WallClock:
    """Unix time that never goes back: the wall clock at the start, then the monotonic one."""

    def __init__(self) -> None:
        self._start_ns = time.time_ns()
        self._monotonic_ns = time.monotonic_ns()

    def now_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC."""
        return self._start_ns + time.monotonic_ns() - self._monotonic_ns
