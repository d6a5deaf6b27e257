"""A line on standard error that says how far a long job is; one that stays when it is over."""

import sys
from typing import TextIO

_WIDTH = 24


class ProgressLine:
    """Call it with what is done, the total and a word; silent where nobody watches."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_shown = self._stream.isatty()

    def __call__(self, done: int, total: int, word: str) -> None:
        if not self._is_shown:
            return
        filled = _WIDTH * done // max(total, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        end = "\n" if done >= total else ""
        self._stream.write(f"\r[{bar}] {done} of {total} {word[:40]:<40}{end}")
        self._stream.flush()
