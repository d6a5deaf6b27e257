"""The arrays of a compiled quoter's run: made, widened, saved and restored."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import SnapshotCorrupt
from undertow.kernels.matching.venue_state import RESTING
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting import venue_layout as layout

_TAKES = 900
_FIRST_WIDTH = 1 << 14
WIDEST = 1 << 21
"""Ticks of the widest window of prices: 128 MB of book."""

_SIDES = (0, 1)


class MemoryState(msgspec.Struct, frozen=True):
    """Every array by name, as bytes, and how wide the window is."""

    version: int
    width: int
    parts: dict[str, bytes]


class QuoterMemory:
    """What the loop works on. `arguments()` gives it in the order of `run_quoter`."""

    def __init__(self, models: NDArray[np.void], instrument: int, state_size: int) -> None:
        self.models = models
        self.venue = np.zeros(1, layout.VENUE)
        self.venue["instrument"] = instrument
        self.venue["last_arrival_ns"] = self.venue["last_heard_ns"] = -layout.NEVER_NS
        self.ends = np.zeros(2 * layout.SIDE_SIZE, np.int64)
        self.ends[layout.EATEN :: layout.SIDE_SIZE] = layout.NOT_EATEN
        self.venue["own_ask"] = layout.NO_ASK
        self.levels = np.zeros(0, np.int64)
        self.own = np.zeros(desks.SLOTS, layout.OWN)
        self.resting = np.zeros(desks.SLOTS, RESTING)
        self.slots = np.zeros(desks.SLOTS, np.int64)
        self.work = (np.zeros((desks.SLOTS, 3), np.int64), np.zeros((_TAKES, 2), np.int64))
        self.commands = np.zeros(layout.RING, layout.COMMAND)
        self.reports = np.zeros(layout.RING, layout.REPORT)
        self.refusals = np.zeros(len(layout.REFUSALS), np.int64)
        self.fills = np.zeros(4 * layout.ROOM, layout.FILL)
        self.fundings = np.zeros(64, layout.FUNDING)
        self.marks = np.zeros(4096, layout.MARK)
        self.counts = np.zeros(2, np.int64)
        self.desk = np.zeros(desks.LEVELS, np.int64)
        self.state = np.zeros(max(1, state_size))

    def arguments(self) -> tuple[Any, ...]:
        """The arrays, in the order in which the loop takes them."""
        return (
            self.venue, self.models, self.levels, self.ends, self.own, self.resting, self.slots,
            self.work, self.commands, self.fills, self.fundings, self.reports, self.refusals,
            self.marks, self.counts, self.desk, self.state,
        )  # fmt: skip

    def make_room(self) -> None:
        """Double the tables that only grow."""
        self.fills = np.concatenate([self.fills, np.zeros_like(self.fills)])
        self.fundings = np.concatenate([self.fundings, np.zeros_like(self.fundings)])

    def make_marks(self) -> None:
        """Double the table of noted prices."""
        self.marks = np.concatenate([self.marks, np.zeros_like(self.marks)])

    def widen(self, ticks: int) -> None:
        """Make the window of prices hold `ticks`, around the best prices where there are any."""
        width, floor = int(self.venue["width"][0]), int(self.venue["floor_ticks"][0])
        has_bid = bool(self.ends[layout.COUNT])
        middle = floor + int(self.ends[layout.BEST]) if has_bid else ticks
        if not width:
            self._rebase(ticks - _FIRST_WIDTH // 2, _FIRST_WIDTH)
            return
        wanted = 2 * width
        while abs(ticks - middle) >= wanted // 2 and wanted < WIDEST:
            wanted *= 2
        wanted = min(wanted, WIDEST)
        self._rebase(middle - wanted // 2, wanted)
        self.venue["is_widest"] = wanted == WIDEST

    def dump(self) -> bytes:
        """Everything, for a snapshot."""
        width = int(self.venue["width"][0])
        parts = {name: array.tobytes() for name, array in self._parts().items()}
        return msgspec.msgpack.encode(MemoryState(1, width, parts))

    def load(self, data: bytes) -> None:
        """Go back to a dump of a run with the same models; raises `SnapshotCorrupt`."""
        try:
            saved = msgspec.msgpack.decode(data, type=MemoryState)
        except msgspec.MsgspecError as fault:
            raise SnapshotCorrupt(f"expected a quoter's snapshot, found {fault}") from fault
        mine = self._parts()
        if saved.version != 1 or list(saved.parts) != list(mine):
            raise SnapshotCorrupt(f"expected a quoter's snapshot 1, found {saved.version}")
        if saved.parts["models"] != self.models.tobytes():
            raise SnapshotCorrupt("expected a snapshot of the same models, found others")
        for name, array in mine.items():
            setattr(self, name, np.frombuffer(saved.parts[name], array.dtype).copy())

    def _parts(self) -> dict[str, NDArray[Any]]:
        names = (
            "venue", "models", "levels", "ends", "own", "resting", "slots", "commands", "fills",
            "fundings", "reports", "refusals", "marks", "counts", "desk", "state",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def _rebase(self, floor: int, width: int) -> None:
        # Both books move to another window; places count from the worst end of each side.
        floor = max(0, floor)
        old_floor, old_width = int(self.venue["floor_ticks"][0]), int(self.venue["width"][0])
        levels = np.zeros((3, 2, width), np.int64)
        before = self.levels.reshape(3, 2, old_width)
        desk = np.zeros(desks.LEVELS + 2 * width, np.int64)
        desk[: desks.LEVELS] = self.desk[: desks.LEVELS]
        shifts = (old_floor - floor, floor + width - old_floor - old_width)
        for side in _SIDES:
            shift = shifts[side]
            start, stop = max(0, -shift), min(old_width, width - shift)
            if stop > start:
                levels[:, side, start + shift : stop + shift] = before[:, side, start:stop]
                seen, kept = desks.LEVELS + side * old_width, desks.LEVELS + side * width
                desk[kept + start + shift : kept + stop + shift] = self.desk[
                    seen + start : seen + stop
                ]
            ends = self.ends[side * layout.SIDE_SIZE : (side + 1) * layout.SIDE_SIZE]
            _set_ends(ends, levels[0, side], shift)
            at = desks.SIDES + side * desks.SIDE_SIZE
            _set_ends(desk[at : at + 3], desk[kept_slice(side, width)], 0)
        self.levels, self.desk = levels.reshape(-1), desk
        self.venue["floor_ticks"] = desk[desks.FLOOR_TICKS] = floor
        self.venue["width"] = desk[desks.WIDTH] = width


def kept_slice(side: int, width: int) -> slice:
    """Where a side of the seen book lies in a desk."""
    start = desks.LEVELS + side * width
    return slice(start, start + width)


def _set_ends(ends: NDArray[np.int64], shown: NDArray[np.int64], shift: int) -> None:
    places = np.flatnonzero(shown)
    ends[layout.COUNT] = len(places)
    ends[layout.BEST] = places[-1] if len(places) else 0
    ends[layout.WORST] = places[0] if len(places) else 0
    if len(ends) > layout.EATEN and ends[layout.EATEN] != layout.NOT_EATEN:
        ends[layout.EATEN] += shift
