"""Ids made of a run's number and its own counters: `ut7-o42` is order 42 of run 7.

Run numbers only grow and are on disk before the first id of the run is used
(`storage.run_number`), and a counter never goes back inside a run: so no id is used twice, even
when the process is killed. Kinds with the same first letter share that letter's counter.
"""

import re
from collections.abc import Iterable

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.timeline.snapshot import PartBytes

_ID = re.compile(r"ut(\d+)-([a-z])(\d+)")


class _State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    run: int
    counters: dict[str, int]


class RunIds:
    """An `IdSource` for one run after another."""

    def __init__(self, run: int) -> None:
        if run < 1:
            raise InvariantBroken(f"expected a run number of at least 1, found {run}")
        self._run = run
        self._counters: dict[str, int] = {}

    @property
    def run(self) -> int:
        """The run whose ids are being given."""
        return self._run

    def next_id(self, kind: str) -> str:
        """The next id of a kind, which is a lower-case word such as "order" or "decision"."""
        letter = kind[:1]
        if not ("a" <= letter <= "z"):
            raise InvariantBroken(f"expected a kind in lower case, found {kind!r}")
        count = self._counters.get(letter, 0) + 1
        self._counters[letter] = count
        return f"ut{self._run}-{letter}{count}"

    def begin_run(self, run: int) -> None:
        """Go over to a later run after a restart; its counters start at 1."""
        if run <= self._run:
            raise InvariantBroken(f"expected a run after {self._run}, found {run}")
        self._run = run
        self._counters = {}

    def observe(self, ids: Iterable[str]) -> None:
        """Advance the counters past ids of this run found in a journal; other texts are ignored.

        An id of a later run means that the run number went back, which breaks the promise.
        """
        for text in ids:
            match = _ID.fullmatch(text)
            if match is None:
                continue
            run, letter, count = int(match[1]), match[2], int(match[3])
            if run > self._run:
                raise InvariantBroken(f"expected ids up to run {self._run}, found {text}")
            if run == self._run:
                self._counters[letter] = max(self._counters.get(letter, 0), count)

    def snapshot(self) -> bytes:
        """The run and its counters."""
        counters = {letter: self._counters[letter] for letter in sorted(self._counters)}
        return msgspec.msgpack.encode(_State(1, self._run, counters))

    def restore(self, data: PartBytes) -> None:
        """Go back to the state of a `snapshot`."""
        state = msgspec.msgpack.decode(data, type=_State)
        self._run = state.run
        self._counters = state.counters
