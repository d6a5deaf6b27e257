"""Volume by price, one histogram a minute, over a sliding quarter of an hour.

Row size: a power of two of ticks, at first the smallest that is at least 1/20000 of the minute's
first price (so 0.5 to 1 basis point, or one tick where ticks are coarser). Rows lie on multiples of
their size, so minutes of different row sizes add up exactly at the coarser one. When a minute's
prices do not fit into 128 rows its rows double in size, at most 16-fold (over 10 % of price in one
minute); volume beyond that is counted apart."""

import numpy as np

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import PROFILE_ROWS, Record

PRICE_SHARE = 20_000
MOST_DOUBLINGS = 4


@compiled
def start_minute(part: Record, minute: int, ticks: int) -> None:
    """Make the slot an empty minute whose rows are centred on a price."""
    shift = 0
    while (PRICE_SHARE << shift) < ticks:
        shift += 1
    part.minute = minute
    part.shift = shift
    part.most_shift = shift + MOST_DOUBLINGS
    part.first_row = (ticks >> shift) - PROFILE_ROWS // 2
    for row in range(PROFILE_ROWS):
        part.lots[row] = 0


@compiled
def make_room(part: Record, ticks: int) -> bool:
    """Move and if need be coarsen the rows so that a price fits; False when it cannot."""
    low = PROFILE_ROWS
    high = -1
    for row in range(PROFILE_ROWS):
        if part.lots[row] != 0:
            low = min(low, row)
            high = row
    new = ticks >> part.shift
    low = min(low + part.first_row, new) if high >= 0 else new
    high = max(high + part.first_row, new) if high >= 0 else new
    doublings = 0
    while (high >> doublings) - (low >> doublings) >= PROFILE_ROWS:
        doublings += 1
    if part.shift + doublings > part.most_shift:
        return False
    span = (high >> doublings) - (low >> doublings) + 1
    first = (low >> doublings) - (PROFILE_ROWS - span) // 2
    moved = np.zeros(PROFILE_ROWS, np.int64)
    for row in range(PROFILE_ROWS):
        if part.lots[row] != 0:
            moved[((part.first_row + row) >> doublings) - first] += part.lots[row]
    for row in range(PROFILE_ROWS):
        part.lots[row] = moved[row]
    part.first_row = first
    part.shift += doublings
    return True


@compiled
def add_volume(part: Record, minute: int, ticks: int, lots: int) -> bool:
    """Add a trade to the slot of its minute; False when its price is too far from the others."""
    if part.minute != minute:
        start_minute(part, minute, ticks)
    row = (ticks >> part.shift) - part.first_row
    if row < 0 or row >= PROFILE_ROWS:
        if not make_room(part, ticks):
            return False
        row = (ticks >> part.shift) - part.first_row
    part.lots[row] += lots
    return True
