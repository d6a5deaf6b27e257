"""A place worth watching: where price stands when it may bounce (DEC-13)."""

from enum import StrEnum

import msgspec


class PlaceKind(StrEnum):
    """What makes the place."""

    ZONE = "zone"
    GAP = "gap"
    VALUE_EDGE = "value_edge"


class Location(msgspec.Struct, frozen=True, gc=False):
    """Bounds in ticks, low to high; strength 0..1, a fresh zone the strongest."""

    kind: PlaceKind
    low_ticks: int
    high_ticks: int
    strength: float
