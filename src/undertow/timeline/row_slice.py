"""A stretch of a market batch: what a driver hands to the engine at once."""

import msgspec

from undertow.domain.market_event import EventArray


class RowSlice(msgspec.Struct, frozen=True):
    """Rows [start, stop) of an array of `EVENT` rows."""

    rows: EventArray
    start: int
    stop: int

    @property
    def count(self) -> int:
        """How many rows it has."""
        return self.stop - self.start
