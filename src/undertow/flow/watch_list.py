"""The watches of a flow state: set, removed and taken when touched."""

import numpy as np

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.watch import Touch, WatchKind
from undertow.kernels.flow.layout import MOST_EXACT
from undertow.kernels.flow.watch_touch import PPM, set_gate, trail_level


class WatchList:
    """Watches in the order in which they were set, without holes."""

    def __init__(self, arrays: FlowArrays) -> None:
        self._arrays = arrays

    def add(
        self, index: int, watch_id: int, kind: WatchKind, level_ticks: int, trail_ppm: int
    ) -> None:
        """Set a watch; see `FlowState.watch`."""
        self._require(index, watch_id, kind, level_ticks, trail_ppm)
        arrays = self._arrays
        arrays.make_room_for_watch()
        watch = arrays.watches[int(arrays.run["watch_count"][0])]
        watch["watch_id"] = watch_id
        watch["instrument"] = index
        watch["kind"] = kind
        watch["level_ticks"] = level_ticks
        watch["trail_ppm"] = trail_ppm
        watch["extreme_ticks"] = 0
        watch["touched_ticks"] = 0
        watch["touched_ns"] = 0
        if kind.is_trail:
            extreme = level_ticks or int(arrays.instruments["last_ticks"][index])
            watch["extreme_ticks"] = extreme
            # -1: takes the first trade for its extreme.
            watch["level_ticks"] = trail_level(int(kind), extreme, trail_ppm) if extreme else -1
        arrays.run["watch_count"] += 1
        set_gate(arrays.run[0], index)

    def remove(self, watch_id: int) -> None:
        """Remove a watch if there is one of that id."""
        place = self._place(watch_id)
        if place is None:
            return
        index = int(self._arrays.watches["instrument"][place])
        is_kept = np.ones(self._count, np.bool_)
        is_kept[place] = False
        self._keep(is_kept)
        set_gate(self._arrays.run[0], index)

    def extreme(self, watch_id: int) -> int:
        """The extreme a trail has followed, in ticks; 0 while it waits for a first trade."""
        place = self._place(watch_id)
        if place is None or not WatchKind(int(self._arrays.watches["kind"][place])).is_trail:
            raise UnknownNameError(f"expected the id of a trailing watch, found {watch_id}")
        return int(self._arrays.watches["extreme_ticks"][place])

    def take_touched(self) -> list[Touch]:
        """Remove and return the touched watches, in the order in which they were set."""
        rows = self._arrays.watches[: self._count]
        is_touched = rows["touched_ns"] > 0
        touches = [
            Touch(
                watch_id=int(row["watch_id"]),
                instrument=int(row["instrument"]),
                ticks=int(row["touched_ticks"]),
                at_ns=int(row["touched_ns"]),
                extreme_ticks=int(row["extreme_ticks"]),
            )
            for row in rows[is_touched]
        ]
        self._keep(~is_touched)
        self._arrays.run["touched_count"] = 0
        return touches

    @property
    def _count(self) -> int:
        return int(self._arrays.run["watch_count"][0])

    def _place(self, watch_id: int) -> int | None:
        found = np.flatnonzero(self._arrays.watches["watch_id"][: self._count] == watch_id)
        return int(found[0]) if len(found) else None

    def _keep(self, is_kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> None:
        kept = self._arrays.watches[: self._count][is_kept]
        self._arrays.watches[: len(kept)] = kept
        self._arrays.run["watch_count"] = len(kept)

    def _require(
        self, index: int, watch_id: int, kind: WatchKind, level_ticks: int, trail_ppm: int
    ) -> None:
        if not 0 <= index < len(self._arrays.instruments):
            raise ConfigurationError(f"expected an instrument of this run, found index {index}")
        if self._place(watch_id) is not None:
            raise ConfigurationError(f"expected a new watch id, found {watch_id} in use")
        least = 0 if kind.is_trail else 1
        if not least <= level_ticks <= MOST_EXACT:
            raise ConfigurationError(f"expected a level of at least {least}, found {level_ticks}")
        if kind.is_trail and not 1 <= trail_ppm <= PPM:
            raise ConfigurationError(f"expected a trail of 1 .. {PPM} ppm, found {trail_ppm}")
