"""`EVENT` rows as bytes: the fastest way to write them one at a time from Python.

A row is its head (seven integers that change) and its tail (eight bytes that seldom do).
"""

import struct
from typing import Final

import numpy as np

from undertow.domain.market_event import EVENT, EventArray, EventKind

_HEAD: Final = struct.Struct("<7q")
_TAIL: Final = struct.Struct("<2HBbH")
assert _HEAD.size + _TAIL.size == EVENT.itemsize, "the packed row must be the EVENT layout"

ROW_BYTES: Final = EVENT.itemsize

pack_head: Final = _HEAD.pack
"""event_time_ns, receive_time_ns, price_ticks, qty_lots, price_b, qty_b, sequence."""

unpack_head: Final = _HEAD.unpack_from
"""The seven integers of a packed row."""


def row_tail(
    instrument: int, source: int, kind: EventKind, *, side: int = 0, flags: int = 0
) -> bytes:
    """The rest of a row."""
    return _TAIL.pack(instrument, source, kind, side, flags)


def rows_from_bytes(data: bytes | bytearray) -> EventArray:
    """Packed rows as an array of their own (the bytes may change afterwards)."""
    return np.frombuffer(bytearray(data), dtype=EVENT)
