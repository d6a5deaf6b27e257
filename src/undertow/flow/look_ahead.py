"""The flow run ahead of whoever listens to it, and taken back.

What a row does to the flow does not depend on strategies, so many rows can be applied at once while
the bars they close are noted. Nobody has seen that state: if somebody wants to look at an earlier
one, the arrays are put back and the rows up to there are applied again.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.market_event import EventArray, EventKind
from undertow.flow.flow_arrays import FlowArrays
from undertow.kernels.flow.advance_noted import NOTE, advance_noted

MOST_BARS = 2_048

_OF_BARS = (
    "run", "instruments", "sources", "delays", "given", "forming", "bars", "minute_samples",
    "samples",
)  # fmt: skip
_OF_TRADES = (*_OF_BARS, "holes", "buckets", "profile", "trade_sizes", "whales")
_READABLE = frozenset({EventKind.TRADE, EventKind.BAR_OPEN, EventKind.BAR_FLOW, EventKind.BAR})


class LookAhead:
    """One flow state's arrays and room to keep what they were."""

    def __init__(self, arrays: FlowArrays) -> None:
        self._run = arrays.run
        self._arrays = arrays
        self._kept: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
        self._names: tuple[str, ...] = ()
        self._notes = np.zeros(MOST_BARS, NOTE)
        self._bars = np.zeros(MOST_BARS, BAR)
        self._rows: EventArray | None = None
        self._start = 0
        self._due_ns = 0
        self.position = 0
        self.count = 0

    def can_read(self, rows: EventArray) -> bool:
        """Whether the rows are of kinds whose traces are known: trades and given bars."""
        found = set(np.flatnonzero(np.bincount(rows["kind"])).tolist())
        self._names = _OF_TRADES if EventKind.TRADE in found else _OF_BARS
        return found <= _READABLE

    def run(self, rows: EventArray, start: int, stop: int, due_ns: int, most_bars: int) -> None:
        """Go ahead; `position`, `count`, `notes` and `bars` say how far and what closed."""
        for name in self._names:
            self._keep(name)
        self._rows, self._start, self._due_ns = rows, start, due_ns
        most = min(most_bars, MOST_BARS)
        notes, bars = self._notes[:most], self._bars[:most]
        position, count, is_stray = advance_noted(self._run, rows, start, stop, due_ns, notes, bars)
        self.position, self.count = position, count
        if is_stray:
            self.go_back(int(notes["row"][count - 1]) if count else start)

    @property
    def notes(self) -> NDArray[np.void]:
        """(count,) NOTE."""
        return self._notes[: self.count]

    @property
    def bars(self) -> NDArray[np.void]:
        """(count,) BAR."""
        return self._bars[: self.count]

    def go_back(self, position: int) -> None:
        """Be where the flow was before that row."""
        assert self._rows is not None
        for name in self._names:
            kept, array = self._kept[name]
            array[:] = kept
        if position > self._start:
            # The same rows once more: they leave the same notes.
            advance_noted(
                self._run, self._rows, self._start, position, self._due_ns,
                np.empty(MOST_BARS, NOTE), np.empty(MOST_BARS, BAR),
            )  # fmt: skip
        self.position = position

    def _keep(self, name: str) -> None:
        found = self._kept.get(name)
        if found is None:
            array: NDArray[Any] = getattr(self._arrays, name)
            flat = array.reshape(-1).view(np.uint8)
            found = self._kept[name] = (np.empty_like(flat), flat)
        found[0][:] = found[1]
