"""Watched prices: wake me when a trade touches this level."""

from enum import IntEnum

import msgspec

from undertow.kernels.flow import layout


class WatchKind(IntEnum):
    """What a watch waits for.

    RISES_TO: a trade at or above the level. FALLS_TO: a trade at or below it. TRAIL_LONG: a trade
    at or below the highest trade since the watch was set, less the trail. TRAIL_SHORT: a trade at
    or above the lowest since, plus the trail."""

    RISES_TO = layout.RISES_TO
    FALLS_TO = layout.FALLS_TO
    TRAIL_LONG = layout.TRAIL_LONG
    TRAIL_SHORT = layout.TRAIL_SHORT

    @property
    def is_trail(self) -> bool:
        """Whether the watch follows an extreme."""
        return self >= WatchKind.TRAIL_LONG


class Touch(msgspec.Struct, frozen=True, gc=False):
    """A trade touched a watch, which is now gone.

    ticks: the trade's price. at_ns: the engine's time (greatest receive time so far).
    extreme_ticks: of a trail, the extreme it followed; 0 otherwise.
    """

    watch_id: int
    instrument: int
    ticks: int
    at_ns: int
    extreme_ticks: int = 0
