"""A limit of wall time on one call of a strategy, so that one that blocks has an outcome.

The library has no clock; the command line has. When nothing has moved for longer than the limit, an
error is raised inside the strategy's own code, where the engine takes it for a failure of that
strategy and names its line. Works in the main thread, for Python code and for system calls; code
that holds the interpreter without ever returning cannot be helped from inside its process.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from undertow.decision import host
from undertow.decision.failure import is_own_file
from undertow.domain.errors import StrategyFault

_HOST = str(host.__file__)
_TURNS = 4
"""Looks within the limit: how late an excess is noticed."""


class CallLimit:
    """Call `moved` whenever something was done; `seconds` of 0 never interrupts."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._looks = 0

    def moved(self) -> None:
        """Something was done."""
        self._looks = 0

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Watch while the block runs."""
        if self.seconds <= 0 or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, self._look)
        step = self.seconds / _TURNS
        signal.setitimer(signal.ITIMER_REAL, step, step)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)

    def _look(self, number: int, frame: FrameType | None) -> None:
        self._looks += 1
        if self._looks > _TURNS and _is_in_own_code(frame):
            self._looks = 0
            raise StrategyFault(f"expected an answer within {self.seconds:g} s, found none")


def _is_in_own_code(frame: FrameType | None) -> bool:
    # Whether the strategy, or what it called, is at work: not the engine, and not a compiler.
    is_own = False
    while frame is not None:
        if frame.f_code.co_filename == _HOST:
            return is_own
        is_own = is_own or is_own_file(frame.f_code.co_filename)
        frame = frame.f_back
    return False
