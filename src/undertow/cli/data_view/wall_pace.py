"""The machine's own clock and waits, for clients of venues that a command drives."""

import time


class WallPace:
    """A `Pace` of the monotonic clock."""

    def now_ns(self) -> int:
        """Nanoseconds since some start; never goes back."""
        return time.monotonic_ns()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)
